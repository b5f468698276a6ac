import java.util.List;
import java.util.Map;

/** The interface of the tests to an SDK. */
interface Session {
    Page listSecrets(Query query) throws Exception;

    void listPolicies() throws Exception;

    /**
     * Calls an operation with parameters by their wire names. Returns the reply by wire names, as maps, lists and texts,
     * or null if the SDK lacks the operation.
     */
    Map<String, ?> call(String action, Map<String, ?> parameters) throws Exception;

    /** Converts the SDK's own exception, and fails for any other. */
    Refusal refusal(Exception exception);

    /** The parameters of ListSecrets; null ones are not sent. */
    record Query(Integer number, Integer size, String filters, String fetchTags) {
        static final Query ALL = new Query(null, null, null, null);

        static Query filters(String filters) {
            return new Query(null, null, filters, null);
        }

        static Query page(Integer number, Integer size) {
            return new Query(number, size, null, null);
        }

        static Query fetchTags(String fetchTags) {
            return new Query(null, null, null, fetchTags);
        }
    }

    record Page(List<Secret> secrets, int number, int size, int total, String requestId) {
        List<String> names() {
            return secrets.stream().map(Secret::name).toList();
        }
    }

    /** Tags are written key=value. Neither SDK has a field for OwingService. */
    record Secret(String name, String type, String created, String updated, String plannedDelete, List<String> tags) {}

    record Refusal(int status, String code, String message, String requestId) {}
}
