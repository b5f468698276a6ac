package io.github.kmsemulator.junit5;

import java.util.Map;

/** A fault rule that was added. */
public final class Fault {
    private final ControlApi control;
    private final long id;

    Fault(ControlApi control, long id) {
        this.control = control;
        this.id = id;
    }

    /** Returns the number of the rule, which the requests of the journal have. */
    public long id() {
        return id;
    }

    /** Returns how often the rule has fired. */
    public int hits() {
        return control.get("faults/" + id, Map.of()).getInt("hits");
    }

    /** Returns the number of requests that matched, whether or not the rule fired. */
    public int seen() {
        return control.get("faults/" + id, Map.of()).getInt("seen");
    }
}
