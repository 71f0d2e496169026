package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.access.Access;
import io.tidegate.access.Pass;
import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.Framing;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.StepExecutor;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Line;
import io.tidegate.wire.Lines;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A session without a socket: commits and reads of the store happen when the test says so. */
abstract class SessionFixture {

    static final int PIPELINED_REQUESTS = 4;
    static final int QUEUED_UPDATES = 8;
    static final int WRITE_BYTES = 150;
    static final Duration FUTURE_WAIT = Duration.ofSeconds(5);
    static final ConnectionSettings SETTINGS = ConnectionLimits.of(256, PIPELINED_REQUESTS, 2000, WRITE_BYTES);
    static final Dialect.Lines TCP = new Dialect.Lines(Framing.LINES, Transport.TCP);
    static final Pass OPEN = Access.OPEN.enter(InetAddress.getLoopbackAddress(), List.of());
    static final Goodbye SHUTDOWN = new Goodbye(CloseReason.SHUTDOWN, Duration.ofMillis(250));

    static final String PONG = "{\"event\":\"pong\"}";

    final MemoryFeedLog log = new MemoryFeedLog();
    final StepExecutor commits = new StepExecutor();
    final StepExecutor reads = new StepExecutor();
    final Feed feed = new Feed(
            log,
            FeedLimits.roomy()
                    .queue(QUEUED_UPDATES, 1 << 20)
                    .commit(1, 1 << 16)
                    .catchUpBytes(300)
                    .snapshotCacheBytes(0)
                    .futureWait(FUTURE_WAIT)
                    .ring(4, 1 << 20)
                    .settings(),
            new LineEvents(),
            commits,
            reads,
            Runnable::run,
            CommitObserver.NONE);
    /** The session's clock. */
    final AtomicLong nanos = new AtomicLong(1);

    final AtomicInteger signals = new AtomicInteger();

    /** Where else the client can go on. */
    List<String> elsewhere = List.of();

    final Session<Line> session = new Session<>(
            feed,
            SETTINGS,
            OPEN,
            TCP,
            () -> elsewhere,
            new Wakeup(Runnable::run, signals::incrementAndGet),
            nanos::get);

    void say(String... lines) {
        for (String line : lines) {
            session.line(Lines.text(line));
        }
    }

    void publish(int count) {
        for (int i = 0; i < count; i++) {
            var unused = feed.publish(Change.put("c", "k", "1"), () -> {});
            commits.runAll();
        }
    }

    List<String> poll() {
        EventLines lines = session.poll();
        return lines == null ? List.of() : lines.bytes().utf8String().lines().toList();
    }

    /** All that can be said now without a commit; reads of the store come back. */
    List<String> pollAll() {
        List<String> all = new ArrayList<>();
        boolean again = true;
        while (again && !session.isFinished()) {
            List<String> lines = poll();
            all.addAll(lines);
            again = reads.runNext() || !lines.isEmpty();
        }
        return all;
    }

    static String put(long seq) {
        return "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"c\",\"key\":\"k\",\"value\":1}";
    }

    static List<String> puts(long first, long last) {
        List<String> lines = new ArrayList<>();
        for (long seq = first; seq <= last; seq++) {
            lines.add(put(seq));
        }
        return lines;
    }

    static String accepted(long seq) {
        return "{\"event\":\"accepted\",\"seq\":" + seq + "}";
    }

    static String subscribed(long seq) {
        return "{\"event\":\"subscribed\",\"epoch\":\"mem1\",\"seq\":" + seq + "}";
    }

    static String caughtUp(long seq) {
        return "{\"event\":\"caughtup\",\"epoch\":\"mem1\",\"seq\":" + seq + "}";
    }

    static String watching(long seq, int documents) {
        return "{\"event\":\"watching\",\"epoch\":\"mem1\",\"seq\":" + seq + ",\"documents\":" + documents + "}";
    }

    static String unwatched(long seq) {
        return "{\"event\":\"unwatched\",\"epoch\":\"mem1\",\"seq\":" + seq + "}";
    }

    static String snapshot(int documents) {
        return "{\"event\":\"snapshot\",\"documents\":" + documents + "}";
    }

    static String synced(long seq, int documents) {
        return "{\"event\":\"synced\",\"epoch\":\"mem1\",\"seq\":" + seq + ",\"documents\":" + documents + "}";
    }

    static String document(String collection, String key, String json) {
        return "{\"event\":\"document\",\"collection\":\"" + collection + "\",\"key\":\"" + key + "\",\"value\":" + json
                + "}";
    }

    static String goodbye(String reason, long seq, int reconnectAfterMillis) {
        return "{\"event\":\"goodbye\",\"reason\":\"" + reason + "\",\"epoch\":\"mem1\",\"seq\":" + seq
                + ",\"reconnectAfterMs\":" + reconnectAfterMillis + ",\"comeBack\":\"as-is\"}";
    }

    static void assertError(String line, String code) {
        assertThat(line).startsWith("{\"event\":\"error\",\"code\":\"" + code + "\",\"message\":\"");
    }

    void put(String collection, String key, int value) {
        var unused = feed.publish(Change.put(collection, key, "" + value), () -> {});
        commits.runAll();
    }

    static String update(long seq, String collection, String key, int value) {
        return "{\"event\":\"put\",\"seq\":" + seq + ",\"collection\":\"" + collection + "\",\"key\":\"" + key
                + "\",\"value\":" + value + "}";
    }

    /** Follows, up to where it has caught up. */
    static Selection selection(String... selectors) {
        return Selection.of(Stream.of(selectors).map(Selector::parse).toList());
    }

    void follow(String selection) {
        say("follow " + selection);
        assertThat(pollAll()).last().asString().contains("caughtup");
    }
}
