package io.github.kmsemulator.junit5.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Describes containers only: no test needs a container engine. */
class KmsEmulatorContainerTest {
    @Test
    @SuppressWarnings("resource") // never started
    void containerHasItsDataInMemoryAndExposesThePort() {
        var container = new KmsEmulatorContainer("kms-emulator:0.1.0");
        assertEquals(List.of(8080), container.getExposedPorts());
        assertEquals("", container.getEnvMap().get("KMS_EMULATOR_DATABASE"));
    }
}
