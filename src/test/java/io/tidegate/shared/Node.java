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

/** A feed, its store, and its part in an order that it shares; goes on when a test says so. */
final class Node {

    static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(10);
    static final Duration LAG_TIMEOUT = Duration.ofSeconds(5);

    final MemorySharedLog.Client client;
    final MemoryFeedLog store;
    final SharedOrder order;
    final Feed feed;
    private final StepExecutor proposals = new StepExecutor();
    private final StepExecutor commits = new StepExecutor();
    private long nanos = System.nanoTime();

    Node(MemorySharedLog log, MemoryFeedLog store) {
        this(log, store, SharedSettings.Trim.OFF);
    }

    Node(MemorySharedLog log, MemoryFeedLog store, SharedSettings.Trim trimming) {
        client = log.new Client();
        this.store = store;
        var limits = FeedLimits.roomy().commit(8, 1 << 16).settings();
        order = new SharedOrder(
                client,
                limits,
                new SharedSettings(
                        Duration.ZERO, PUBLISH_TIMEOUT, 3, 1 << 16, Duration.ofMillis(10), LAG_TIMEOUT, trimming),
                proposals,
                commits);
        feed = new Feed(
                order, store, limits, new TextEncoder(), commits, Runnable::run, Runnable::run, CommitObserver.NONE);
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
