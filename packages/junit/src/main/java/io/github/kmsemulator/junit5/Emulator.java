package io.github.kmsemulator.junit5;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A running server. */
public final class Emulator implements AutoCloseable {
    /** Limits the start of a server, and the wait for one that another process starts. */
    static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /** A server that this JVM has started. */
    interface Started extends AutoCloseable {
        /** The URL of the server. */
        URI uri();

        /** Throws if the server has exited. */
        void assertRunning();

        @Override
        void close();
    }

    private final ControlApi control;
    private final List<Path> fixtures;
    private final Started started; // null if another process started the server

    private Emulator(ControlApi control, List<Path> fixtures, Started started) {
        this.control = control;
        this.fixtures = fixtures;
        this.started = started;
    }

    /** Returns a builder, for code that does not use {@link KmsEmulator}. */
    public static Builder builder() {
        return new Builder(System.getenv());
    }

    static Builder builder(Map<String, String> environment) {
        return new Builder(environment);
    }

    /** Returns the URL of the server, for example {@code http://127.0.0.1:41234}. */
    public URI uri() {
        return control.uri();
    }

    /** Returns the host and port of the server, as the SDKs take it. */
    public String endpoint() {
        return control.uri().getAuthority();
    }

    /** Creates an account with its own access key and clock, with the fixtures of this server. */
    public Tenant createTenant() {
        var loadsThem = started instanceof ServerProcess && !fixtures.isEmpty();
        var tenant = Tenant.create(this, control, loadsThem);
        if (!loadsThem) {
            try {
                fixtures.forEach(tenant::loadFixture);
            } catch (RuntimeException e) {
                tenant.close();
                throw e;
            }
        }
        return tenant;
    }

    /** Returns the certificate, in PEM, of the authority that signs the server's certificates for https. */
    public String caCertificate() {
        return control.text("GET", "ca.pem");
    }

    /** Stops the server, unless another process started it. */
    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }

    /** The settings of a server. */
    public static final class Builder {
        private final Map<String, String> environment;
        private Path binary;
        private String image;
        private URI endpoint;
        private String controlToken;
        private List<Path> fixtures = List.of();
        private List<String> args = List.of();

        private Builder(Map<String, String> environment) {
            this.environment = environment;
        }

        /** Sets the path of the program {@code kms-emulator}. It takes precedence over all environment variables. */
        public Builder binary(Path path) {
            binary = path;
            return this;
        }

        /** Sets the container image to start with Testcontainers if there is no program. */
        public Builder image(String name) {
            image = name;
            return this;
        }

        /** Uses the server that listens at this URL, such as {@code http://127.0.0.1:8080}. */
        public Builder endpoint(URI uri) {
            endpoint = uri;
            return this;
        }

        /**
         * Sets the token of the control API. Without it, that of {@code KMS_EMULATOR_CONTROL_TOKEN} is used for a server
         * that already runs, and none for a server that is started.
         */
        public Builder controlToken(String token) {
            controlToken = token;
            return this;
        }

        /** Sets fixture files to load into each tenant. */
        public Builder fixtures(List<Path> paths) {
            fixtures = new ArrayList<>(paths);
            return this;
        }

        /** Sets further arguments of the program. */
        public Builder args(String... arguments) {
            args = Arrays.asList(arguments.clone());
            return this;
        }

        /** Returns a value that is equal for builders with equal settings. */
        Object key() {
            return Arrays.asList(binary, image, endpoint, controlToken, fixtures, args);
        }

        /** Starts the server, or uses the one that is configured, and waits until it has loaded its fixtures. */
        public Emulator start() {
            var address = endpoint;
            var variable = environment.getOrDefault("KMS_EMULATOR_ENDPOINT", "");
            if (address == null && binary == null && !variable.isEmpty()) {
                address = parse(variable);
            }
            return address == null ? startOwn() : connect(address);
        }

        private static URI parse(String endpoint) {
            try {
                return URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
            } catch (IllegalArgumentException e) {
                throw new KmsEmulatorException("the endpoint is not a URL: " + e.getMessage());
            }
        }

        private Emulator connect(URI address) {
            if (!args.isEmpty()) {
                throw new KmsEmulatorException("arguments have no effect on the running server " + address);
            }
            var path = address.getPath();
            if (!"http".equals(address.getScheme())
                    || address.getHost() == null
                    || !(path == null || path.isEmpty() || path.equals("/"))) {
                throw new KmsEmulatorException("the endpoint " + address + " is not of the form http://HOST:PORT");
            }
            var token = controlToken != null ? controlToken : environment.get("KMS_EMULATOR_CONTROL_TOKEN");
            var control = new ControlApi(URI.create("http://" + address.getAuthority()), token);
            control.awaitReady(START_TIMEOUT, () -> {});
            return new Emulator(control, fixtures, null);
        }

        private Emulator startOwn() {
            var found = ServerProcess.findBinary(binary, environment);
            if (found.isEmpty() && image == null) {
                throw new KmsEmulatorException(ServerProcess.NOT_FOUND);
            }
            Started server = found.isPresent()
                    ? ServerProcess.start(found.get(), fixtures, args, controlToken, environment, START_TIMEOUT)
                    : startContainer();
            try {
                var control = new ControlApi(server.uri(), controlToken);
                control.awaitReady(START_TIMEOUT, server::assertRunning);
                return new Emulator(control, fixtures, server);
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }

        private Started startContainer() {
            try {
                return ServerContainer.start(image, args, controlToken);
            } catch (NoClassDefFoundError e) {
                throw new KmsEmulatorException(
                        "the image needs the dependency org.testcontainers:testcontainers; else " + ServerProcess.NOT_FOUND, e);
            }
        }
    }
}
