import com.google.gson.JsonParser;

/** An account that is nobody else's, with its key, which is good for both clouds. It is dropped when closed. */
record Tenant(Emulator server, String account, String id, String secret) implements AutoCloseable {
    static Tenant of(Emulator server) throws Exception {
        // Should nothing be left to drop it, it drops itself.
        var made = JsonParser.parseString(server.control("POST", "tenants", "{\"ttl\":\"30m\"}")).getAsJsonObject();
        return new Tenant(server, made.get("account").getAsString(), made.get("access_key_id").getAsString(),
                made.get("access_key_secret").getAsString());
    }

    @Override
    public void close() throws Exception {
        server.control("DELETE", "tenants/" + account, null);
    }
}
