package io.github.kmsemulator.junit5;

import java.util.LinkedHashMap;
import java.util.Map;

/** Selects requests of a journal. Without conditions it selects all. */
public final class JournalFilter {
    private final Map<String, String> conditions = new LinkedHashMap<>();

    /** Creates a filter without conditions. */
    public JournalFilter() {}

    /** Selects requests to a cloud: {@code alibaba} or {@code tencent}. */
    public JournalFilter cloud(String cloud) {
        return with("cloud", cloud);
    }

    /** Selects requests for an operation. */
    public JournalFilter action(String action) {
        return with("action", action);
    }

    /** Selects requests with this value of a parameter. */
    public JournalFilter parameter(String name, String value) {
        return with("parameter", name + "=" + value);
    }

    /** Selects requests by the error code of the reply; {@code OK} = success. */
    public JournalFilter code(String code) {
        return with("code", code);
    }

    /** Selects requests by the HTTP status of the reply. */
    public JournalFilter status(int status) {
        return with("status", Integer.toString(status));
    }

    private JournalFilter with(String name, String value) {
        conditions.put(name, value);
        return this;
    }

    /** Returns the parameters of a query for the requests of an access key. */
    Map<String, String> query(String accessKeyId) {
        var query = new LinkedHashMap<>(conditions);
        query.put("access_key_id", accessKeyId);
        return query;
    }
}
