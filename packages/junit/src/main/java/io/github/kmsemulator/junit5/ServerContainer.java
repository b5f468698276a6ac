package io.github.kmsemulator.junit5;

import io.github.kmsemulator.junit5.container.KmsEmulatorContainer;
import java.net.URI;
import java.util.List;

/** The server as a container. Only this class needs Testcontainers. */
final class ServerContainer implements Emulator.Started {
    private final KmsEmulatorContainer container;

    private ServerContainer(KmsEmulatorContainer container) {
        this.container = container;
    }

    @SuppressWarnings("resource") // the new value owns the container
    static ServerContainer start(String image, List<String> args, String controlToken) {
        var container = new KmsEmulatorContainer(image).withCommand(args.toArray(String[]::new));
        if (controlToken != null) {
            container.withEnv("KMS_EMULATOR_CONTROL_TOKEN", controlToken);
        }
        container.start();
        return new ServerContainer(container);
    }

    @Override
    public URI uri() {
        return container.uri();
    }

    @Override
    public void assertRunning() {
        if (!container.isRunning()) {
            throw new KmsEmulatorException("the container has exited: " + container.getLogs());
        }
    }

    @Override
    public void close() {
        container.close();
    }
}
