package io.github.kmsemulator.junit5;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.json.JSONException;
import org.json.JSONObject;

/** Sends requests to the control API of a server. */
final class ControlApi {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READY_INTERVAL = Duration.ofMillis(20);

    /** Without a proxy: the address is that of the server itself, whatever proxy the JVM has. */
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(ProxySelector.of(null))
            .connectTimeout(REQUEST_TIMEOUT)
            .build();

    private final URI uri;
    private final String token;

    ControlApi(URI uri, String token) {
        this.uri = uri;
        this.token = token;
    }

    URI uri() {
        return uri;
    }

    JSONObject get(String path, Map<String, String> query) {
        return new JSONObject(text("GET", withQuery(path, query)));
    }

    JSONObject send(String method, String path, Map<String, String> query, Object body) {
        return new JSONObject(send(method, withQuery(path, query), body.toString()));
    }

    void delete(String path) {
        text("DELETE", path);
    }

    String text(String method, String path) {
        return send(method, path, null);
    }

    private String send(String method, String path, String body) {
        try {
            return exchange(method, path, body);
        } catch (IOException e) {
            throw new KmsEmulatorException(method + " " + path + ": " + e, e);
        }
    }

    private String exchange(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(uri + "/_emulator/" + path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var reply = HTTP.send(request.build(), BodyHandlers.ofString());
            if (reply.statusCode() >= 300) {
                throw new KmsEmulatorException(
                        method + " " + path + ": " + explanation(reply.statusCode(), reply.body()));
            }
            return reply.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KmsEmulatorException(method + " " + path + ": interrupted", e);
        }
    }

    private static String explanation(int status, String body) {
        try {
            var error = new JSONObject(body);
            return error.getString("code") + ": " + error.getString("message") + " (" + error.getString("place") + ")";
        } catch (JSONException e) {
            return "status " + status;
        }
    }

    /** Waits until the server has loaded its fixtures. {@code check} throws if it never will. */
    void awaitReady(Duration timeout, Runnable check) {
        for (var deadline = System.nanoTime() + timeout.toNanos(); ; ) {
            KmsEmulatorException failure;
            try {
                text("GET", "ready");
                return;
            } catch (KmsEmulatorException e) { // no server listens yet, or its reply has the status 503
                failure = e;
            }
            check.run();
            if (System.nanoTime() > deadline) {
                throw new KmsEmulatorException(uri + " is not ready after " + timeout.toSeconds() + " s", failure);
            }
            try {
                Thread.sleep(READY_INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KmsEmulatorException("interrupted while waiting for " + uri, e);
            }
        }
    }

    private static String withQuery(String path, Map<String, String> query) {
        if (query.isEmpty()) {
            return path;
        }
        return query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", path + "?", ""));
    }

    /** Writes a duration as the control API reads it, for example {@code 1d 2h}; a part has at most four digits. */
    static String format(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(duration + " is negative");
        }
        // Fractions of a millisecond are rounded up, so that a positive duration is never 0.
        var rounded = duration.plusNanos(999_999);
        if (rounded.toDays() > 9999) {
            throw new IllegalArgumentException(duration + " is longer than 9999 days");
        }
        var text = part(rounded.toDays(), "d")
                + part(rounded.toHoursPart(), "h")
                + part(rounded.toMinutesPart(), "m")
                + part(rounded.toSecondsPart(), "s")
                + part(rounded.toMillisPart(), "ms");
        return text.isEmpty() ? "0" : text.trim();
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }
}
