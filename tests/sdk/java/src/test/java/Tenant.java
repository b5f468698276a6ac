import com.google.gson.JsonParser;

/** A new account with an access key for both clouds, which is deleted on close. */
record Tenant(Emulator server, String account, String id, String secret) implements AutoCloseable {
    static Tenant of(Emulator server) throws Exception {
        // The time to live deletes the account if the process is killed.
        var created = JsonParser.parseString(server.control("POST", "tenants", "{\"ttl\":\"30m\"}")).getAsJsonObject();
        return new Tenant(server, created.get("account").getAsString(), created.get("access_key_id").getAsString(),
                created.get("access_key_secret").getAsString());
    }

    @Override
    public void close() throws Exception {
        server.control("DELETE", "tenants/" + account, null);
    }
}
