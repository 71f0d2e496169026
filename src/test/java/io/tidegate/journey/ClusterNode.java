package io.tidegate.journey;

import io.tidegate.Signals;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A node of a shared feed in a process of its own, on ports that it keeps. Its process may end at any time; one thread changes that. */
final class ClusterNode implements AutoCloseable {

    private static final int OK = 200;

    private final ServerCommand command;
    private final int tcp;
    private final int http;
    private final int admin;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private ServerProcess process;

    ClusterNode(ServerCommand command, int tcp, int http, int admin) throws IOException {
        this.command = command.with("tcp.port", tcp).with("http.port", http).with("admin.port", admin);
        this.tcp = tcp;
        this.http = http;
        this.admin = admin;
        start();
    }

    int tcp() {
        return tcp;
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + http + path);
    }

    void start() throws IOException {
        process = command.start();
    }

    void awaitReady() throws Exception {
        long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
        while (!isReady()) {
            if (System.nanoTime() - giveUpAt > 0) {
                throw new AssertionError("the node is not ready: " + process);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get(URI.create("http://127.0.0.1:" + admin + "/readyz")).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** SIGKILL, and again. */
    void killAndStart() throws Exception {
        process.kill();
        start();
        awaitReady();
    }

    /** A stop in good order, and again; how it ended. */
    int drainAndStart() throws Exception {
        int code = drain();
        start();
        awaitReady();
        return code;
    }

    int drain() throws Exception {
        process.stop(Trigger.Kind.SIGTERM);
        return process.awaitExit().code();
    }

    void freezeFor(int millis) throws Exception {
        Signals.freeze(process.pid());
        TimeUnit.MILLISECONDS.sleep(millis);
        Signals.thaw(process.pid());
    }

    @Override
    public void close() {
        process.close();
    }
}
