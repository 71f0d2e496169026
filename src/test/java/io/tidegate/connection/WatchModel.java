package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.StepExecutor;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One random history: clients watch, unwatch, sync, stall, leave and come back, while others publish and the log is trimmed, in
 * any order. Each client has at each position that it is told what the list of accepted changes says.
 */
final class WatchModel {

    private static final int CLIENTS = 3;
    private static final List<String> COLLECTIONS = List.of("a", "b", "c");
    private static final List<String> KEYS = List.of("x", "xy", "xz", "y", "*");

    /** A client that is not up to date by then never will be. */
    private static final int MOST_TURNS = 10_000;

    private final Random random;
    private final int steps;
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final History history = new History();
    private final Feed feed;
    private final List<ModelClient> clients;
    private int values;

    WatchModel(long seed, int steps, WatchTally tally) {
        random = new Random(seed);
        this.steps = steps;
        ConnectionSettings settings = ConnectionLimits.of(256, 4, 2000, 60 + random.nextInt(400));
        feed = new Feed(
                log,
                FeedLimits.roomy()
                        .commit(1 + random.nextInt(4), 1 << 16)
                        .batch(1 + random.nextInt(3), 1 << 16)
                        .catchUpBytes(64 << random.nextInt(5))
                        .snapshotCacheBytes(random.nextBoolean() ? 0 : 20_000)
                        .ring(1 << (1 + random.nextInt(4)), 1 << 16)
                        .settings(),
                new LineEvents(),
                commits,
                reads,
                Runnable::run,
                CommitObserver.NONE);
        clients = Stream.generate(() -> new ModelClient(random, feed, settings, history, tally))
                .limit(CLIENTS)
                .toList();
    }

    void run() throws Exception {
        try {
            live();
            finish();
        } catch (AssertionError e) {
            String said = String.join(
                    "\n\n", clients.stream().map(ModelClient::recent).toList());
            throw new AssertionError(said, e);
        }
    }

    private void live() throws Exception {
        for (int step = 0; step < steps; step++) {
            ModelClient client = clients.get(random.nextInt(CLIENTS));
            int action = random.nextInt(100);
            if (action < 16) {
                publish();
            } else if (action < 26) {
                commits.runAll();
            } else if (action < 62) {
                client.poll();
            } else if (action < 82) {
                reads.runNext();
            } else if (action < 95) {
                client.ask();
            } else if (action < 97) {
                log.trimTo(random.nextInt((int) history.head() + 1));
            } else if (action < 98) {
                stall();
            } else if (action < 99) {
                client.reconnect();
            } else {
                client.leave();
            }
        }
    }

    private void publish() {
        var name = new DocumentName(new Collection(any(COLLECTIONS)), new Key(any(KEYS)));
        String value = random.nextInt(4) == 0 ? null : "" + values++;
        Change change = value == null
                ? Change.delete(name.collection().name(), name.key().text())
                : Change.put(name.collection().name(), name.key().text(), value);
        var unused = feed.publish(change, () -> history.add(new History.Step(name, value)));
    }

    private String any(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    /** Nobody looks for a while, and the ring moves on. */
    private void stall() {
        for (int i = 0; i < 20; i++) {
            publish();
            commits.runAll();
        }
    }

    private void finish() throws Exception {
        commits.runAll();
        for (int turn = 0; turn < MOST_TURNS && isAnythingDue(); turn++) {
            for (ModelClient client : clients) {
                client.poll();
            }
        }
        assertThat(isAnythingDue()).as("goes on for ever").isFalse();
        clients.forEach(ModelClient::requireIsUpToDate);
        clients.forEach(ModelClient::close);
        reads.runAll();
        assertThat(log.openSnapshots()).as("snapshots nobody reads").isLessThanOrEqualTo(CLIENTS * 4);
    }

    private boolean isAnythingDue() {
        return reads.runNext() || clients.stream().anyMatch(ModelClient::isDue);
    }
}
