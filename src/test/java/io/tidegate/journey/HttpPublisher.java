package io.tidegate.journey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes one change after the other by PUT and DELETE, with the JDK's client, until the server says that it drains or does
 * not answer any more. It tells the {@link History} what became of each.
 */
final class HttpPublisher {

    private final String name;
    private final History history;
    private final Change.Script script;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();
    private final CompletableFuture<Long> ended;

    private HttpPublisher(String name, History history, Change.Script script, InetSocketAddress server) {
        this.name = name;
        this.history = history;
        this.script = script;
        ended = Background.start(name, () -> publish(server));
    }

    static HttpPublisher start(String name, History history, Change.Script script, InetSocketAddress server) {
        return new HttpPublisher(name, history, script, server);
    }

    private Long publish(InetSocketAddress server) throws InterruptedException {
        long accepted = 0;
        for (int n = 0; ; n++) {
            Change change = script.change(n);
            HttpResponse<String> response;
            try {
                response = client.send(request(server, change), BodyHandlers.ofString());
            } catch (IOException e) {
                // A request that a drained server did not answer it did not take.
                history.neverTaken(change.content());
                return accepted;
            }
            if (response.statusCode() == 503) {
                history.neverTaken(change.content());
                return accepted;
            }
            if (response.statusCode() != 201 && response.statusCode() != 204) {
                throw new AssertionError(name + ": " + response.statusCode() + " " + response.body());
            }
            String position = response.headers().firstValue("Tidegate-Position").orElseThrow();
            history.acknowledged(Long.parseLong(position.substring(position.indexOf(':') + 1)), change.content(), name);
            accepted++;
            first.complete(true);
        }
    }

    private static HttpRequest request(InetSocketAddress server, Change change) {
        String[] words = change.request().split(" ", 4);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + "/v1/documents/"
                + encoded(words[1]) + "/" + encoded(words[2])));
        return words[0].equals("delete")
                ? request.DELETE().build()
                : request.header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(words[3]))
                        .build();
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    /** Waits until one change was accepted: what others publish says nothing of how far this one has got. */
    void awaitFirst() throws InterruptedException {
        // An end before it is told at once, with its failure.
        Background.await(CompletableFuture.anyOf(first, ended), name + " to have a change accepted");
    }

    /** Waits for its end; how many changes were accepted. */
    long awaitEnd() throws InterruptedException {
        return Background.await(ended, name + " to end");
    }
}
