package io.github.kmsemulator.junit5;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The fault rules of a tenant. They are removed after the test. */
public final class Faults {
    private final ControlApi control;
    private final String accessKeyId;
    private final Queue<Long> added = new ConcurrentLinkedQueue<>();

    Faults(ControlApi control, String accessKeyId) {
        this.control = control;
        this.accessKeyId = accessKeyId;
    }

    /** Adds a rule for the requests of this tenant. The first rule that fires handles a request. */
    public Fault add(FaultRule rule) {
        var id = control.send("POST", "faults", Map.of(), rule.json(accessKeyId)).getLong("id");
        added.add(id);
        return new Fault(control, id);
    }

    /** Removes the rules of this tenant. */
    public void clear() {
        for (var id = added.poll(); id != null; id = added.poll()) {
            control.delete("faults/" + id);
        }
    }
}
