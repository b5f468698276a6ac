package io.github.kmsemulator.junit5;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.json.JSONObject;

/** The clock of a tenant. Creation times, planned deletions, rotations and the check of time stamps follow it. */
public final class Clock {
    private static final JSONObject EMPTY = new JSONObject();

    private final ControlApi control;
    private final Map<String, String> query;

    Clock(ControlApi control, String account) {
        this.control = control;
        query = Map.of("account", account);
    }

    /** Returns the time that the clock shows. */
    public Instant now() {
        return Instant.parse(control.get("clock", query).getString("now"));
    }

    /** Advances the clock, and does the work that is due. */
    public void advance(Duration by) {
        control.send("POST", "clock/advance", query, new JSONObject().put("by", ControlApi.format(by)));
    }

    /** Sets the clock, forwards or backwards, and does the due work. */
    public void set(Instant now) {
        control.send("PUT", "clock", query, new JSONObject().put("now", now.toString()));
    }

    /** Stops the clock at its current time. */
    public void freeze() {
        control.send("POST", "clock/freeze", query, EMPTY);
    }

    /** Resumes a stopped clock. */
    public void resume() {
        control.send("POST", "clock/resume", query, EMPTY);
    }

    /** Resets the clock to the system time. */
    public void reset() {
        control.send("DELETE", "clock", query, EMPTY);
    }
}
