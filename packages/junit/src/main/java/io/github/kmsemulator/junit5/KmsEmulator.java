package io.github.kmsemulator.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs tests with a server, and injects parameters of the types {@link Emulator}, {@link Tenant}, {@link Faults},
 * {@link Clock} and {@link Journal}.
 *
 * <p>Each test has a tenant: an account with its own access key and clock, which is deleted after the test.
 * Faults, clock and journal are those of the tenant. A parameter of a constructor or of a {@code @BeforeAll} method is
 * for a tenant of the class, which is not that of its tests.
 *
 * <p>If the environment variable {@code KMS_EMULATOR_ENDPOINT} has an address such as {@code http://127.0.0.1:8080}, the
 * server that already listens there is used, with the token {@code KMS_EMULATOR_CONTROL_TOKEN} for its control API.
 * Otherwise the program {@code kms-emulator} is started: that of {@link #binary}, else of the environment variable
 * {@code KMS_EMULATOR_BIN}, else of {@code PATH}, else the container {@link #image}. Classes with the same attributes
 * share a server, which runs until all tests have ended, or the JVM ends, even if that is killed.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(KmsEmulatorExtension.class)
public @interface KmsEmulator {
    /** The path of the program {@code kms-emulator}. It takes precedence over all environment variables. */
    String binary() default "";

    /**
     * The container image to start with Testcontainers if there is no program. It needs the dependency {@code
     * org.testcontainers:testcontainers}.
     */
    String image() default "";

    /** Fixture files to load into each tenant. */
    String[] fixtures() default {};

    /** Further arguments of the program, for example {@code {"--auth", "strict"}}. */
    String[] args() default {};
}
