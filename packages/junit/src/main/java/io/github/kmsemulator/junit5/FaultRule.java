package io.github.kmsemulator.junit5;

import java.time.Duration;
import org.json.JSONObject;

/**
 * Describes which requests fail, and how. It has at least one effect: an error, a latency, a reset or a cut body.
 *
 * <pre>{@code FaultRule.on("GetSecretValue").error("Rejected.Throttling").times(2)}</pre>
 */
public final class FaultRule {
    private final JSONObject match = new JSONObject();
    private final JSONObject rule = new JSONObject();

    private FaultRule() {}

    /** Starts a rule for an operation, for example {@code GetSecretValue}. */
    public static FaultRule on(String action) {
        var rule = new FaultRule();
        rule.match.put("action", action);
        return rule;
    }

    /** Starts a rule for all operations. */
    public static FaultRule onAll() {
        return new FaultRule();
    }

    /** Selects requests to a cloud: {@code alibaba} or {@code tencent}. */
    public FaultRule cloud(String cloud) {
        match.put("cloud", cloud);
        return this;
    }

    /** Selects requests for a secret; {@code *} matches any text, {@code ?} one character. */
    public FaultRule secret(String pattern) {
        match.put("secret", pattern);
        return this;
    }

    /** Selects requests in a region, for example {@code cn-hangzhou}. */
    public FaultRule region(String region) {
        match.put("region", region);
        return this;
    }

    /** Selects only the n-th matching request, counted from 1. */
    public FaultRule nth(int number) {
        match.put("nth", number);
        return this;
    }

    /** Selects every n-th matching request. */
    public FaultRule every(int number) {
        match.put("every", number);
        return this;
    }

    /** Selects each matching request with a probability. The same seed gives the same sequence. */
    public FaultRule probability(double probability, long seed) {
        match.put("probability", probability).put("seed", seed);
        return this;
    }

    /** Replies with an error code. */
    public FaultRule error(String code) {
        rule.put("error", code);
        return this;
    }

    /** Sets the HTTP status of the reply, instead of that of the documented error. */
    public FaultRule status(int status) {
        rule.put("status", status);
        return this;
    }

    /**
     * Sets the text of the error, instead of that of the documented error. In it, {@code {RequestId}}, {@code {Action}},
     * {@code {Version}}, {@code {Region}}, {@code {Account}}, {@code {Resource}} and {@code {Time}} are replaced by those of
     * the request.
     */
    public FaultRule message(String text) {
        rule.put("message", text);
        return this;
    }

    /** Delays the reply. */
    public FaultRule latency(Duration delay) {
        rule.put("latency", ControlApi.format(delay));
        return this;
    }

    /** Delays the reply by a random time. */
    public FaultRule latency(Duration min, Duration max) {
        rule.put("latency", new JSONObject().put("min", ControlApi.format(min)).put("max", ControlApi.format(max)));
        return this;
    }

    /** Resets the connection instead of sending a reply. */
    public FaultRule reset() {
        rule.put("reset", true);
        return this;
    }

    /** Cuts the body of the reply after a number of bytes. */
    public FaultRule truncate(int bytes) {
        rule.put("truncate", bytes);
        return this;
    }

    /** Executes the operation before the client gets the error. */
    public FaultRule after() {
        rule.put("when", "after");
        return this;
    }

    /** Limits how often the rule fires; without it, always. */
    public FaultRule times(int times) {
        rule.put("times", times);
        return this;
    }

    /** Returns the rule for an access key, as the control API reads it. */
    JSONObject json(String accessKeyId) {
        var conditions = new JSONObject(match.toMap()).put("access_key_id", accessKeyId);
        return new JSONObject(rule.toMap()).put("match", conditions);
    }
}
