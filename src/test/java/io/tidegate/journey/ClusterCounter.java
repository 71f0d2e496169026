package io.tidegate.journey;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Counts one document up on condition that nobody else has, over HTTP, each time on any nodes, until it knows what became of it. */
final class ClusterCounter extends ClusterClient {

    static final String PATH = "/v1/documents/counters/all";

    private static final Pattern VALUE = Pattern.compile("\"n\":(\\d+)");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final String name;
    private final ClusterHistory history;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private int number;

    ClusterCounter(String name, List<ClusterNode> nodes, ClusterHistory history, Random random) {
        super(name, nodes, random);
        this.name = name;
        this.history = history;
    }

    @Override
    boolean isOver() {
        return isStopping();
    }

    @Override
    void visit(ClusterNode node) throws IOException, InterruptedException {
        HttpResponse<String> now = send(HttpRequest.newBuilder(node.http(PATH)).GET());
        if (now.statusCode() != OK && now.statusCode() != NOT_FOUND) {
            return;
        }
        boolean isNew = now.statusCode() == NOT_FOUND;
        long value = isNew ? 0 : number(VALUE, now.body());
        String id = name + "-" + ++number;
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"n\":" + (value + 1) + "}");
        boolean isKnown = false;
        while (!isKnown) {
            URI uri = nodes.get(random.nextInt(nodes.size())).http(PATH);
            HttpRequest.Builder put = HttpRequest.newBuilder(uri)
                    .PUT(body)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", id);
            isKnown = isKnown(
                    isNew
                            ? put.header("If-None-Match", "*")
                            : put.header(
                                    "If-Match", now.headers().firstValue("ETag").orElseThrow()));
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(30));
    }

    private boolean isKnown(HttpRequest.Builder put) throws InterruptedException {
        try {
            int status = send(put).statusCode();
            if (status == CREATED || status == NO_CONTENT) {
                history.counted();
            }
            boolean isKnown = status == CREATED || status == NO_CONTENT || status == PRECONDITION_FAILED;
            if (!isKnown) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return isKnown;
        } catch (IOException e) {
            TimeUnit.MILLISECONDS.sleep(50);
            return false;
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }
}
