package io.github.kmsemulator.junit5.container;

import java.net.URI;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A container of kms-emulator that has all data in memory. It has started when its fixtures are loaded. */
public final class KmsEmulatorContainer extends GenericContainer<KmsEmulatorContainer> {
    private static final int PORT = 8080;

    /**
     * Describes a container; {@code start} starts it.
     *
     * @param image the name of the image, which {@code docker build --tag kms-emulator .} builds
     */
    @SuppressWarnings("this-escape")
    public KmsEmulatorContainer(String image) {
        super(DockerImageName.parse(image));
        withExposedPorts(PORT);
        withEnv("KMS_EMULATOR_DATABASE", "");
        waitingFor(Wait.forHttp("/_emulator/ready").forPort(PORT).forStatusCode(200));
    }

    /** Returns the URL of the server. */
    public URI uri() {
        return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
    }
}
