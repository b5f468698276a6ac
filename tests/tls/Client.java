import java.net.Socket;
import java.net.URI;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Exits with 0 if it trusts the server on a port of this machine for a host name. */
class Client {
    public static void main(String[] args) throws Exception {
        var port = Integer.parseInt(args[0]);
        var name = args[1];
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (var socket = (SSLSocket) factory.createSocket(new Socket("127.0.0.1", port), name, port, true)) {
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        }
        if (name.equals("localhost") || name.equals("127.0.0.1")) {
            var url = URI.create("https://" + name + ":" + port + "/_emulator/health").toURL();
            var connection = (HttpsURLConnection) url.openConnection();
            if (connection.getResponseCode() != 200) {
                throw new IllegalStateException(connection.getResponseMessage());
            }
        }
    }
}
