package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a store that is restarted, copied, put back from a copy, and loses its end. Whoever resumes has seen the
 * very updates that the log holds before what it sends him; a name with a number never stands for two updates; and while a
 * store is only restarted, everybody can resume.
 *
 * <p>{@code -Dtidegate.seed=…} replays the one that a failure names.
 */
class EpochHistoriesTest {

    private static final int HISTORIES = 300;
    private static final int STEPS = 120;

    /** What one follower has seen, in order, and the position that it was told. */
    private static final class Client {
        private final List<String> seen = new ArrayList<>();
        private Position position;

        Client(Position position) {
            this.position = position;
        }
    }

    private static final class History {

        private final Random random;
        private final boolean onlyRestarts;
        private final List<MemoryFeedLog> copies = new ArrayList<>();
        private final List<Client> clients = new ArrayList<>();
        private final Map<Position, String> updates = new HashMap<>();
        private MemoryFeedLog log = new MemoryFeedLog();
        private Feed feed;
        private StepExecutor commits = new StepExecutor();
        private int values;
        private int resumed;
        private int refused;

        History(long seed) {
            random = new Random(seed);
            onlyRestarts = seed % 3 == 0;
            feed = open();
        }

        private Feed open() {
            log.beginEpoch();
            commits = new StepExecutor();
            var settings = FeedLimits.roomy().settings();
            return new Feed(
                    log, settings, new TextEncoder(), commits, Runnable::run, Runnable::run, CommitObserver.NONE);
        }

        void run() throws FeedLogException {
            for (int step = 0; step < STEPS; step++) {
                int action = random.nextInt(100);
                if (action < 40) {
                    publish();
                } else if (action < 50) {
                    clients.add(new Client(feed.positionAt(0)));
                } else if (action < 75 && !clients.isEmpty()) {
                    resume(clients.get(random.nextInt(clients.size())));
                } else if (action < 85) {
                    feed = open();
                } else if (!onlyRestarts) {
                    goBack(action);
                }
                checkNames();
            }
        }

        private void publish() {
            for (int i = random.nextInt(4); i >= 0; i--) {
                var unused = feed.publish(Change.put("c", "k", "" + values++), () -> {});
            }
            commits.runAll();
        }

        private void goBack(int action) {
            if (action < 90) {
                copies.add(log.copy());
            } else if (action < 95 && !copies.isEmpty()) {
                // Opened from now on: further copies are put back from the same files.
                log = copies.get(random.nextInt(copies.size())).copy();
                feed = open();
            } else {
                log.loseAfter(random.nextInt((int) feed.head().seq() + 1));
                feed = open();
            }
        }

        private void resume(Client client) throws FeedLogException {
            Subscription subscription =
                    feed.subscribe(client.position, Selection.ALL, Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
            List<String> held = lines();
            if (subscription == null) {
                assertThat(onlyRestarts).as("refused after restarts only").isFalse();
                refused++;
                clients.remove(client);
                return;
            }
            resumed++;
            int seq = (int) client.position.seq();
            assertThat(held.subList(0, seq))
                    .as("what is before %s", client.position)
                    .isEqualTo(client.seen);
            while (subscription.seq() < feed.head().seq() && random.nextInt(10) > 0) {
                EventLines lines = subscription.poll(40);
                client.seen.addAll(
                        lines == null
                                ? List.of()
                                : lines.bytes().utf8String().lines().toList());
            }
            client.position = feed.positionAt(subscription.seq());
            subscription.close();
        }

        private List<String> lines() throws FeedLogException {
            return log.read(0, Integer.MAX_VALUE).stream()
                    .flatMap(batch -> batch.linesAfter(0, Selection.ALL)
                            .bytes()
                            .utf8String()
                            .lines())
                    .toList();
        }

        private void checkNames() throws FeedLogException {
            List<String> lines = lines();
            IntStream.rangeClosed(1, lines.size()).forEach(seq -> {
                Position name = log.epochs().of(seq);
                @Nullable String before = updates.putIfAbsent(name, lines.get(seq - 1));
                assertThat(before == null ? lines.get(seq - 1) : before)
                        .as("%s", name)
                        .isEqualTo(lines.get(seq - 1));
                assertThat(log.epochs().include(name, lines.size())).isTrue();
            });
        }
    }

    @Test
    void whoeverResumesHasSeenWhatTheLogHolds() {
        Long replayed = Long.getLong("tidegate.seed");
        int resumed = 0;
        int refused = 0;
        for (long seed = replayed == null ? 1 : replayed; seed <= (replayed == null ? HISTORIES : replayed); seed++) {
            try {
                var history = new History(seed);
                history.run();
                resumed += history.resumed;
                refused += history.refused;
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A history that never comes to what it is about proves nothing.
            assertThat(resumed).isGreaterThan(HISTORIES);
            assertThat(refused).isGreaterThan(HISTORIES / 2);
        }
    }
}
