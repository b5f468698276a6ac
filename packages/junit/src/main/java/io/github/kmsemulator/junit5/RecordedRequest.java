package io.github.kmsemulator.junit5;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.json.JSONObject;

/** A request in the journal. */
public final class RecordedRequest {
    private final JSONObject entry;

    RecordedRequest(JSONObject entry) {
        this.entry = entry;
    }

    /** Returns its number since the server started, counted from 1. */
    public long number() {
        return entry.getLong("number");
    }

    /** Returns when it arrived, by the clock of the server. */
    public Instant time() {
        return Instant.parse(entry.getString("time"));
    }

    /** Returns when it arrived, by the clock of the tenant. */
    public Instant tenantTime() {
        return Instant.parse(entry.getString("tenant_time"));
    }

    /** Returns {@code alibaba} or {@code tencent}. */
    public String cloud() {
        return entry.getString("cloud");
    }

    /** Returns the requested operation; empty if the request names none. */
    public String action() {
        return entry.optString("action", "");
    }

    /** Returns the parameters without the common ones; sensitive values are {@code ***}. */
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        var recorded = entry.optJSONObject("parameters", new JSONObject());
        recorded.keySet().forEach(name -> parameters.put(name, recorded.getString(name)));
        return Collections.unmodifiableMap(parameters);
    }

    /** Returns the result of the signature check: valid, unsigned, unchecked, refused or not_reached. */
    public String verdict() {
        return entry.getString("verdict");
    }

    /** Returns the region; empty if the request was rejected before it was known. */
    public String region() {
        return entry.optString("region", "");
    }

    /** Returns the HTTP status of the reply. */
    public int status() {
        return entry.getInt("status");
    }

    /** Returns the error code of the reply; {@code OK} = success. */
    public String code() {
        return entry.getString("code");
    }

    /** Returns the request id in the reply. */
    public String requestId() {
        return entry.getString("request_id");
    }

    /** Returns the number of the fault rule that applied. */
    public OptionalLong fault() {
        return entry.isNull("fault") ? OptionalLong.empty() : OptionalLong.of(entry.getLong("fault"));
    }

    @Override
    public String toString() {
        return number() + " " + cloud() + " " + action() + " " + parameters() + " " + status() + " " + code();
    }
}
