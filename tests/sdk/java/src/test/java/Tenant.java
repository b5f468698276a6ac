import com.google.gson.JsonParser;

/** A new account with a KMS instance and an access key for both clouds, which is deleted on close. */
record Tenant(Emulator server, String account, String id, String secret) implements AutoCloseable {
    static Tenant of(Emulator server) throws Exception {
        // The time to live deletes the account if the process is killed.
        var body = """
                {"ttl": "30m", "fixture": {"KmsInstances": {"KmsInstance": [{"KmsInstanceId": "kst-hzz65f176a0ogplgq0000"}]}}}""";
        var created = JsonParser.parseString(server.control("POST", "tenants", body)).getAsJsonObject();
        return new Tenant(server, created.get("account").getAsString(), created.get("access_key_id").getAsString(),
                created.get("access_key_secret").getAsString());
    }

    @Override
    public void close() throws Exception {
        server.control("DELETE", "tenants/" + account, null);
    }
}
