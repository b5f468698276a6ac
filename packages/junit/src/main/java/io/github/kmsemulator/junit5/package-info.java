/**
 * A JUnit 5 extension that runs kms-emulator, a local emulator of Alibaba Cloud KMS secrets and Tencent Cloud SSM.
 *
 * <p>{@link io.github.kmsemulator.junit5.KmsEmulator} starts a server. A test gets an account with an access key and a
 * its own clock as a parameter of type {@link io.github.kmsemulator.junit5.Tenant}, so tests can run in parallel.
 */
package io.github.kmsemulator.junit5;
