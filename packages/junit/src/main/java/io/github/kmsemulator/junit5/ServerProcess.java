package io.github.kmsemulator.junit5;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The server as a child process. */
final class ServerProcess implements Emulator.Started {
    static final String NOT_FOUND = "the program kms-emulator was not found: set the attribute `binary` or the environment"
            + " variable KMS_EMULATOR_BIN to its path, add its directory to PATH, or set KMS_EMULATOR_ENDPOINT to use a"
            + " running server";

    private static final String READY = "kms-emulator listening on ";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int LOG_LINES = 50;

    // The process has the pipe of standard input: without a reference it could be closed, which stops the server.
    private final Process process;
    private final Deque<String> log = new ArrayDeque<>();
    private final Thread logReader;
    private URI uri;

    private ServerProcess(Process process) {
        this.process = process;
        logReader = read(process.getErrorStream(), "kms-emulator log", this::append);
    }

    /** Returns the path of the program, or nothing if none is set and PATH has none. */
    static Optional<Path> findBinary(Path chosen, Map<String, String> environment) {
        var variable = environment.getOrDefault("KMS_EMULATOR_BIN", "");
        if (chosen != null || !variable.isEmpty()) {
            var path = chosen != null ? chosen : Path.of(variable);
            if (!Files.isExecutable(path) || Files.isDirectory(path)) {
                var source = chosen != null ? "the attribute `binary`" : "KMS_EMULATOR_BIN";
                throw new KmsEmulatorException(path + ", which " + source + " names, is not a program");
            }
            return Optional.of(path);
        }
        for (var directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            for (var name : List.of("kms-emulator", "kms-emulator.exe")) {
                var path = Path.of(directory, name);
                if (!directory.isEmpty() && Files.isRegularFile(path) && Files.isExecutable(path)) {
                    return Optional.of(path);
                }
            }
        }
        return Optional.empty();
    }

    static ServerProcess start(
            Path binary,
            List<Path> fixtures,
            List<String> args,
            String controlToken,
            Map<String, String> environment,
            Duration timeout) {
        var command = new ArrayList<>(List.of(binary.toString(), "--listen", "127.0.0.1:0"));
        for (var fixture : fixtures) {
            command.add("--fixtures");
            command.add(fixture.toString());
        }
        command.addAll(args);
        var builder = new ProcessBuilder(command);
        var variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        // Settings for servers are passed as options.
        variables.keySet().removeIf(name -> name.startsWith("KMS_EMULATOR_"));
        // The system closes the pipe of standard input when this JVM ends, even if it is killed.
        variables.put("KMS_EMULATOR_EXIT_WITH_STDIN", "true");
        if (controlToken != null) {
            variables.put("KMS_EMULATOR_CONTROL_TOKEN", controlToken);
        }
        try {
            var server = new ServerProcess(builder.start());
            server.awaitAddress(timeout);
            return server;
        } catch (IOException e) {
            throw new KmsEmulatorException("cannot start " + binary, e);
        }
    }

    /** Waits until the program prints its URL. */
    private void awaitAddress(Duration timeout) {
        var printed = new CompletableFuture<String>();
        // Reads to the end, so that the server never blocks on a full pipe.
        read(process.getInputStream(), "kms-emulator output", line -> {
            if (line.startsWith(READY)) {
                printed.complete(line.substring(READY.length()));
            }
        });
        process.onExit().thenRun(() -> printed.cancel(false));
        try {
            uri = URI.create(printed.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            close();
            throw new KmsEmulatorException("kms-emulator printed no URL within " + timeout.toSeconds() + " s: " + log());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new KmsEmulatorException("interrupted while kms-emulator started", e);
        } catch (ExecutionException | java.util.concurrent.CancellationException e) {
            throw exited();
        }
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public void assertRunning() {
        if (!process.isAlive()) {
            throw exited();
        }
    }

    private KmsEmulatorException exited() {
        try {
            logReader.join(STOP_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new KmsEmulatorException("kms-emulator exited with " + process.exitValue() + ": " + log());
    }

    @Override
    public void close() {
        closeInput();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new KmsEmulatorException("kms-emulator was killed: it did not stop within " + STOP_TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void closeInput() {
        try (OutputStream input = process.getOutputStream()) {
            input.flush();
        } catch (IOException e) {
            // The server has exited, so the pipe is closed already.
            process.destroy();
        }
    }

    private synchronized void append(String line) {
        log.addLast(line);
        if (log.size() > LOG_LINES) {
            log.removeFirst();
        }
    }

    private synchronized String log() {
        return String.join(System.lineSeparator(), log);
    }

    private static Thread read(InputStream stream, String name, Consumer<String> onLine) {
        var thread = new Thread(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                lines.lines().forEach(onLine);
            } catch (IOException | UncheckedIOException e) {
                onLine.accept("the output of kms-emulator cannot be read: " + e.getMessage());
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
