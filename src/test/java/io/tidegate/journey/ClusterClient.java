package io.tidegate.journey;

import io.tidegate.client.Credentials;
import io.tidegate.client.LineClient;
import io.tidegate.client.LineReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who goes from node to node of a shared feed, on a thread of its own: who finds none tries another one. */
abstract class ClusterClient {

    static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)");

    final List<ClusterNode> nodes;
    final Random random;
    private final CompletableFuture<Void> begin = new CompletableFuture<>();
    private final CompletableFuture<Void> end;
    private volatile boolean isStopping;

    ClusterClient(String name, List<ClusterNode> nodes, Random random) {
        this.nodes = nodes;
        this.random = new Random(random.nextLong());
        end = begin.thenCompose(nothing -> Background.start(name, this::live));
    }

    void start() {
        begin.complete(null);
    }

    /** Ends what it does when that is settled. */
    void stop() {
        isStopping = true;
    }

    boolean isStopping() {
        return isStopping;
    }

    void awaitEnd() throws InterruptedException {
        Background.await(end, "a client to end");
    }

    private Void live() throws Exception {
        while (!isOver()) {
            try {
                visit(nodes.get(random.nextInt(nodes.size())));
            } catch (IOException e) {
                // The node is gone, or was: another one.
                TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(50));
            }
        }
        return null;
    }

    abstract boolean isOver();

    /** Does something on that node; ends early if it fails. */
    abstract void visit(ClusterNode node) throws IOException, InterruptedException;

    static LineClient open(ClusterNode node, int quietMillis) throws IOException {
        return LineClient.open("127.0.0.1", node.tcp(), quietMillis, Credentials.NONE);
    }

    static String line(LineReader lines) throws IOException {
        if (!lines.next()) {
            throw new EOFException();
        }
        return new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
    }

    static long number(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + line);
        }
        return Long.parseLong(matcher.group(1));
    }
}
