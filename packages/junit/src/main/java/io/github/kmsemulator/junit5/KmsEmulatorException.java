package io.github.kmsemulator.junit5;

/** A server that cannot be started, or a request to its control API that fails. */
public class KmsEmulatorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KmsEmulatorException(String message) {
        super(message);
    }

    KmsEmulatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
