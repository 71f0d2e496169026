package io.tidegate.shared;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.document.Selection;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Publication;
import io.tidegate.feed.StepExecutor;
import io.tidegate.feed.TextEncoder;
import java.time.Duration;
import java.util.List;

/** A feed, its store, and its part in an order that it shares; goes on when a test says so. */
final class SteppedNode {

    static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(10);
    static final Duration LAG_TIMEOUT = Duration.ofSeconds(5);
    static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(3);

    final MemorySharedLog.Client client;
    final MemoryFeedLog store;
    final SharedOrder order;
    final Feed feed;
    private final StepExecutor proposals = new StepExecutor();
    private final StepExecutor commits = new StepExecutor();
    private long nanos = System.nanoTime();

    SteppedNode(MemorySharedLog log, MemoryFeedLog store) {
        this(log, store, SharedSettings.Trim.OFF);
    }

    SteppedNode(MemorySharedLog log, MemoryFeedLog store, SharedSettings.Trim trimming) {
        client = log.new Client();
        this.store = store;
        var limits = FeedLimits.roomy()
                .commit(8, 1 << 16)
                .futureWait(Duration.ofHours(1))
                .settings();
        order = new SharedOrder(
                client,
                limits,
                new SharedSettings(
                        Duration.ZERO,
                        PUBLISH_TIMEOUT,
                        3,
                        1 << 16,
                        Duration.ofMillis(10),
                        LAG_TIMEOUT,
                        trimming,
                        ANNOUNCE_INTERVAL,
                        new AdvertiseSettings("", "auto", "auto", "auto")),
                proposals,
                commits);
        feed = new Feed(
                order, store, limits, new TextEncoder(), commits, Runnable::run, Runnable::run, CommitObserver.NONE);
    }

    /** It tells the others of itself from now on. */
    SteppedNode announced(String name) {
        order.announce(Node.named(name, "1", name + ":8989", null, null), () -> feed.head()
                .seq());
        return this;
    }

    List<String> known() {
        return order.nodes().stream().map(Node::name).toList();
    }

    Publication publish(Change change, Precondition precondition) {
        return feed.publish(change, precondition, () -> {});
    }

    Publication publish(Change change) {
        return publish(change, Precondition.none());
    }

    /** Proposes what waits. */
    void propose() {
        proposals.runAll();
    }

    /** Proposes what waits, and all of it arrives. */
    void send() {
        propose();
        while (client.onItsWay() > 0) {
            client.arrive();
        }
    }

    /** Reads once, and commits what it read. */
    void read() {
        boolean unused = commits.runNext();
    }

    /** A turn of the task is one read, which finds a few entries; the last one finds nothing. */
    void readAll() {
        boolean goesOn = true;
        for (int turn = 0; turn < 200 && goesOn; turn++) {
            boolean wasAtEnd = client.isAtEnd();
            goesOn = commits.runNext() && !wasAtEnd;
        }
    }

    void letTimePass(Duration time) {
        nanos += time.toNanos();
        feed.endWaits(nanos);
    }

    String lines() {
        var lines = new StringBuilder();
        store.batches()
                .forEach(batch ->
                        lines.append(batch.linesAfter(0, Selection.ALL).bytes().utf8String()));
        return lines.toString();
    }
}
