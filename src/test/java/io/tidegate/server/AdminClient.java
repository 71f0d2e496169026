package io.tidegate.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks an admin listener; what is asked one after the other goes over one connection. */
final class AdminClient {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InetSocketAddress address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    AdminClient(InetSocketAddress address) {
        this.address = address;
    }

    /** What came back. */
    record Answer(int status, String body, String type) {}

    static AdminClient of(Tidegate server) {
        return new AdminClient(server.adminAddress());
    }

    Answer get(String path) {
        return ask("GET", path).join();
    }

    Answer delete(String path) {
        return ask("DELETE", path).join();
    }

    Answer post(String path) {
        return ask("POST", path, "Content-Type", "application/json").join();
    }

    CompletableFuture<Answer> ask(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + address.getHostString() + ":" + address.getPort() + path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.body(),
                        response.headers().firstValue("Content-Type").orElse("")));
    }

    /** Sends what no HTTP client would; all that comes back up to the end of the stream. */
    String raw(String... lines) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    Socket open() throws IOException {
        var socket = new Socket();
        socket.connect(address, (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }
}
