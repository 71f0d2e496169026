package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Await;
import io.tidegate.server.SecureClients.Connected;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client over TLS on a thread of its own, which shows a token. When its connection ends because its right did, it comes back with the
 * token that it was given for that, and goes on where it was. Whatever is wrong ends it.
 */
abstract class StormClient implements AutoCloseable {

    /** What all clients know of the feed: they have to agree. */
    static final class Feed {

        private final Map<Long, String> contents = new ConcurrentHashMap<>();
        private final Set<String> refused = ConcurrentHashMap.newKeySet();
        private final AtomicInteger acknowledged = new AtomicInteger();

        void seen(long seq, String content) {
            String other = contents.putIfAbsent(seq, content);
            assertThat(other).as("update %s", seq).isIn(null, content);
        }

        void acknowledged(long seq, String content) {
            seen(seq, content);
            acknowledged.incrementAndGet();
        }

        /** Was answered by an error, or not at all. */
        void refused(String content) {
            refused.add(content);
        }

        int acknowledged() {
            return acknowledged.get();
        }

        void awaitAcknowledged(int count) {
            Await.until(() -> acknowledged.get() >= count);
        }

        /** All that was acknowledged has its number, and there is nothing else. */
        void verify(long head) {
            assertThat(contents).hasSize((int) head);
            assertThat(acknowledged.get()).isEqualTo((int) head);
            assertThat(new HashSet<>(contents.values())).hasSize((int) head).doesNotContainAnyElementsOf(refused);
        }
    }

    private final String name;
    private final String version;
    final Feed feed;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger authentications = new AtomicInteger();
    private final AtomicInteger notices = new AtomicInteger();
    private volatile @Nullable Connected connected;
    private volatile @Nullable Certificate certificate;
    private volatile String next = "";
    private volatile boolean leaving;
    private String epoch = "";

    /** Of the last update, or where it began; -1 before that. */
    private volatile long seq = -1;

    StormClient(String name, String version, Feed feed) {
        this.name = name;
        this.version = version;
        this.feed = feed;
    }

    /** @param auth the line that shows its token */
    final void start(InetSocketAddress server, String auth) {
        next = auth;
        var thread = new Thread(
                () -> {
                    try {
                        ended.complete(live(server));
                    } catch (Exception | AssertionError e) {
                        ended.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Why its last connection ended. */
    private String live(InetSocketAddress server) throws IOException {
        String reason;
        do {
            Connected made = SecureClients.connect(server, version);
            connected = made;
            certificate = made.socket().getSession().getPeerCertificates()[0];
            var client = new LineClient(made.socket()).send(next);
            String goodbye = converse(client);
            assertThat(client.read()).as("behind the goodbye").isNull();
            assertThat(made.end()).isEqualTo(SecureClients.CLEAN);
            client.close();
            requireSeq(goodbye, "goodbye");
            reason = text(goodbye, "reason");
        } while (reason.equals("expired") || reason.equals("revoked"));
        return reason;
    }

    /** All that is said on one connection, up to the goodbye. */
    abstract String converse(LineClient client) throws IOException;

    /** Where it follows, its updates have no gap and the goodbye is at the last. */
    abstract void requireSeq(String line, String event);

    // ---- what it is told

    /** Takes what is told of the connection itself. */
    final boolean isTaken(String line) {
        if (line.startsWith("{\"event\":\"authenticated\"")) {
            authentications.incrementAndGet();
        } else if (line.startsWith("{\"event\":\"expiring\"")) {
            notices.incrementAndGet();
        } else {
            return false;
        }
        return true;
    }

    /** It is served. */
    final void isServed() {
        connections.incrementAndGet();
    }

    static boolean isGoodbye(String line) {
        return line.startsWith("{\"event\":\"goodbye\"");
    }

    static String text(String line, String member) {
        return line.replaceFirst(".*\"" + member + "\":\"([^\"]*)\".*", "$1");
    }

    static long seq(String line) {
        int from = line.indexOf("\"seq\":") + 6;
        int to = from;
        while (to < line.length() && Character.isDigit(line.charAt(to))) {
            to++;
        }
        return Long.parseLong(line.substring(from, to));
    }

    // ---- for the test

    /** On the connection that it has. */
    void show(String auth) throws IOException {
        Connected now = connected;
        if (now != null) {
            new LineClient(now.socket()).send(auth);
        }
    }

    final void comesBackWith(String auth) {
        next = auth;
    }

    final void leaves() {
        leaving = true;
    }

    final boolean isLeaving() {
        return leaving;
    }

    final int connections() {
        return connections.get();
    }

    final int authentications() {
        return authentications.get();
    }

    final int notices() {
        return notices.get();
    }

    final @Nullable Certificate certificate() {
        return certificate;
    }

    final long seq() {
        return seq;
    }

    final void awaitConnections(int count) {
        await(() -> connections.get() >= count);
    }

    final void awaitAuthentications(int count) {
        await(() -> authentications.get() >= count);
    }

    final void awaitNotices(int count) {
        await(() -> notices.get() >= count);
    }

    private void await(BooleanSupplier condition) {
        Await.until(() -> {
            if (ended.isDone() && !condition.getAsBoolean()) {
                // What was wrong with it.
                throw new AssertionError(name + " has ended by " + ended.join());
            }
            return condition.getAsBoolean();
        });
    }

    final void awaitEnd(String reason) throws Exception {
        assertThat(ended.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(name)
                .isEqualTo(reason);
    }

    @Override
    public String toString() {
        return name + (ended.isCompletedExceptionally() ? ", which failed" : "");
    }

    @Override
    public void close() throws IOException {
        Connected last = connected;
        if (last != null) {
            last.below().close();
        }
    }

    // ---- followers

    static final class StormFollower extends StormClient {

        StormFollower(String name, String version, Feed feed) {
            super(name, version, feed);
        }

        @Override
        String converse(LineClient client) throws IOException {
            client.send("updates" + (super.seq < 0 ? "" : " after " + super.epoch + ":" + super.seq));
            for (String line = client.line(); ; line = client.line()) {
                if (isGoodbye(line)) {
                    return line;
                } else if (line.startsWith("{\"event\":\"put\"")) {
                    long seq = seq(line);
                    assertThat(seq).isEqualTo(super.seq + 1);
                    feed.seen(seq, line.substring(line.indexOf("\"key\"")));
                    super.seq = seq;
                } else if (line.startsWith("{\"event\":\"subscribed\"")) {
                    super.epoch = text(line, "epoch");
                    super.seq = super.seq < 0 ? seq(line) : super.seq;
                    requireSeq(line, "subscribed");
                    isServed();
                } else if (!isTaken(line)) {
                    assertThat(line).containsAnyOf("heartbeat", "caughtup");
                    requireSeq(line, "a sign of life");
                }
            }
        }

        @Override
        void requireSeq(String line, String event) {
            assertThat(seq(line)).as(event).isEqualTo(super.seq);
        }
    }

    // ---- publishers

    /** Sends a few changes at once, waits for their answers, and sends the next. */
    static final class StormPublisher extends StormClient {

        private static final int AT_ONCE = 2;
        private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

        private final Queue<String> outstanding = new ArrayDeque<>();
        private final String key;
        private volatile String toShow = "";
        private int sent;

        StormPublisher(String name, String version, Feed feed) {
            super(name, version, feed);
            key = name;
        }

        @Override
        void show(String auth) {
            toShow = auth;
        }

        private String content() {
            return "\"key\":\"" + key + "\",\"value\":" + sent++ + "}";
        }

        @Override
        String converse(LineClient client) throws IOException {
            assertThat(isTaken(client.line())).isTrue();
            isServed();
            while (true) {
                boolean isLast = isLeaving();
                if (isLast) {
                    client.send("quit");
                } else {
                    say(client);
                }
                String goodbye = answers(client, isLast);
                if (!goodbye.isEmpty()) {
                    outstanding.forEach(feed::refused);
                    outstanding.clear();
                    return goodbye;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void say(LineClient client) throws IOException {
            String auth = toShow;
            if (!auth.isEmpty()) {
                toShow = "";
                client.send(auth);
            }
            for (int i = 0; i < AT_ONCE; i++) {
                String value = String.valueOf(sent);
                outstanding.add(content());
                client.send("put c " + key + " " + value);
            }
        }

        /** The goodbye, if it comes before all answers; otherwise empty. */
        private String answers(LineClient client, boolean isLast) throws IOException {
            while (isLast || !outstanding.isEmpty()) {
                String line = client.line();
                if (isGoodbye(line)) {
                    return line;
                } else if (!isTaken(line)) {
                    String content = outstanding.remove();
                    if (line.startsWith("{\"event\":\"accepted\"")) {
                        feed.acknowledged(seq(line), content);
                    } else {
                        assertThat(line).contains("\"code\":\"unauthenticated\"");
                        feed.refused(content);
                    }
                }
            }
            return "";
        }

        @Override
        void requireSeq(String line, String event) {
            assertThat(seq(line)).as(event).isNotNegative();
        }
    }
}
