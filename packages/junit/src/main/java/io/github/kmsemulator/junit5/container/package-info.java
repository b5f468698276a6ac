/** The container image of kms-emulator, for Testcontainers. */
package io.github.kmsemulator.junit5.container;
