package io.github.kmsemulator.junit5;

import java.util.ArrayList;
import java.util.List;

/** The last requests of a tenant. */
public final class Journal {
    private final ControlApi control;
    private final String accessKeyId;

    Journal(ControlApi control, String accessKeyId) {
        this.control = control;
        this.accessKeyId = accessKeyId;
    }

    /** Returns the requests that a filter selects, the oldest first. */
    public List<RecordedRequest> requests(JournalFilter filter) {
        var requests = new ArrayList<RecordedRequest>();
        for (var request : control.get("journal", filter.query(accessKeyId)).getJSONArray("requests")) {
            requests.add(new RecordedRequest((org.json.JSONObject) request));
        }
        return requests;
    }

    /** Returns all requests, the oldest first. */
    public List<RecordedRequest> requests() {
        return requests(new JournalFilter());
    }

    /** Returns the number of requests that a filter selects. */
    public int count(JournalFilter filter) {
        var query = filter.query(accessKeyId);
        query.put("limit", "0");
        return control.get("journal", query).getInt("count");
    }

    /** Returns the number of requests for an operation. */
    public int count(String action) {
        return count(new JournalFilter().action(action));
    }
}
