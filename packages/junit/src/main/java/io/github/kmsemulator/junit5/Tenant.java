package io.github.kmsemulator.junit5;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/** An account with its own access key and clock. It sees no secrets of other accounts. */
public final class Tenant implements AutoCloseable {
    private final Emulator emulator;
    private final ControlApi control;
    private final String account;
    private final String accessKeyId;
    private final String accessKeySecret;
    private final Faults faults;
    private final Clock clock;
    private final Journal journal;

    private Tenant(Emulator emulator, ControlApi control, JSONObject created) {
        this.emulator = emulator;
        this.control = control;
        account = created.getString("account");
        accessKeyId = created.getString("access_key_id");
        accessKeySecret = created.getString("access_key_secret");
        faults = new Faults(control, accessKeyId);
        clock = new Clock(control, account);
        journal = new Journal(control, accessKeyId);
    }

    static Tenant create(Emulator emulator, ControlApi control, boolean startFixtures) {
        var request = new JSONObject().put("clock", true);
        if (startFixtures) {
            request.put("start_fixtures", true);
        }
        return new Tenant(emulator, control, control.send("POST", "tenants", Map.of(), request));
    }

    /** Returns the number of the account. */
    public String account() {
        return account;
    }

    /** Returns the AccessKey ID of Alibaba Cloud, which is the SecretId of Tencent Cloud. */
    public String accessKeyId() {
        return accessKeyId;
    }

    /** Returns the AccessKey Secret of Alibaba Cloud, which is the SecretKey of Tencent Cloud. */
    public String accessKeySecret() {
        return accessKeySecret;
    }

    /** Returns the host and port of the server, as the SDKs take it. */
    public String endpoint() {
        return emulator.endpoint();
    }

    /** Returns the URL of the server. */
    public URI uri() {
        return emulator.uri();
    }

    /**
     * Stores secrets by name and value. A secret is for both clouds, unless its name starts with {@code alibaba:} or
     * {@code tencent:}.
     */
    public void secrets(Map<String, String> secrets) {
        var alibaba = new JSONObject();
        var tencent = new JSONObject();
        secrets.forEach((name, value) -> {
            if (!name.startsWith("tencent:")) {
                alibaba.put(withoutPrefix(name, "alibaba:"), value);
            }
            if (!name.startsWith("alibaba:")) {
                tencent.put(withoutPrefix(name, "tencent:"), value);
            }
        });
        var fixture = new JSONArray();
        if (!alibaba.isEmpty()) {
            fixture.put(alibaba);
        }
        if (!tencent.isEmpty()) {
            fixture.put(new JSONObject().put("SecretMetadatas", tencent));
        }
        if (!fixture.isEmpty()) {
            load(fixture);
        }
    }

    private static String withoutPrefix(String name, String prefix) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** Loads a fixture file in JSON, all of it or nothing. A secret replaces one of the same name. */
    public void loadFixture(Path path) {
        try {
            load(Files.readString(path));
        } catch (IOException | KmsEmulatorException e) {
            throw new KmsEmulatorException("fixture " + path + ": " + e.getMessage(), e);
        }
    }

    private void load(Object fixture) {
        control.send("POST", "state", Map.of("account", account), fixture);
    }

    /** Returns the fault rules of this tenant. */
    public Faults faults() {
        return faults;
    }

    /** Returns the clock of this tenant. No other tenant has the same clock. */
    public Clock clock() {
        return clock;
    }

    /** Returns the requests of this tenant. */
    public Journal journal() {
        return journal;
    }

    /** Deletes the account with its secrets and fault rules. The extension does it after the test. */
    @Override
    public void close() {
        faults.clear();
        control.delete("tenants/" + account);
    }
}
