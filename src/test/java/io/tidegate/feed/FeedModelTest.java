package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Filter;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one feed and its cursors against the plainest model: a list of updates. A failure names its seed;
 * {@code -Dtidegate.seed=…} replays that one history.
 */
class FeedModelTest {

    private static final int HISTORIES = 400;
    private static final int STEPS = 250;
    private static final List<String> COLLECTIONS = List.of("a", "b", "c");

    @Test
    void everyCursorIsHandedEveryUpdateOnceAndInOrder() {
        Long replayed = Long.getLong("tidegate.seed");
        for (long seed = 1; seed <= HISTORIES; seed++) {
            long chosen = replayed == null ? seed : replayed;
            try {
                new History(chosen).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + chosen, e);
            }
            if (replayed != null) {
                return;
            }
        }
    }

    /** A follower that polls only when it has reason to: after a signal, or after lines. */
    private static final class Cursor {

        private final Subscription subscription;
        private final Filter filter;
        private boolean signalled = true;
        private long end = Long.MAX_VALUE;
        private boolean closed;

        Cursor(History history, long after, Filter filter) {
            this.filter = filter;
            var wakeup = new Wakeup[1];
            wakeup[0] = new Wakeup(Runnable::run, () -> {
                wakeup[0].reset();
                signalled = true;
            });
            subscription = history.feed.subscribeAfter(after, filter, wakeup[0]);
        }
    }

    private record Queued(Change change, Precondition precondition, Publication publication) {}

    private static final class History {

        private final Random random;
        private final MemoryFeedLog log = new MemoryFeedLog();
        private final StepExecutor commits = new StepExecutor();
        private final StepExecutor reads = new StepExecutor();
        private final Feed feed;

        /** The model: what was accepted, in order, what is queued, and where the documents are. */
        private final List<Change> accepted = new ArrayList<>();

        private final List<Queued> queued = new ArrayList<>();
        private Map<DocumentName, Position> positions = new HashMap<>();
        private final int groupUpdates;
        private final List<Cursor> cursors = new ArrayList<>();
        private int keys;

        History(long seed) {
            random = new Random(seed);
            groupUpdates = 1 + random.nextInt(8);
            feed = new Feed(
                    log,
                    FeedLimits.roomy()
                            .batch(groupUpdates, 1 << 16)
                            .catchUpBytes(1 + random.nextInt(600))
                            .ring(1 << random.nextInt(5), 100 + random.nextInt(5000))
                            .retention(1 + random.nextInt(60), 1 << 20)
                            .settings(),
                    new TextEncoder(),
                    commits,
                    reads,
                    Runnable::run,
                    CommitObserver.NONE);
        }

        void run() throws FeedLogException {
            for (int step = 0; step < STEPS; step++) {
                int action = random.nextInt(100);
                if (action < 35) {
                    publish();
                } else if (action < 50) {
                    commit(random.nextInt(10) == 0);
                } else if (action < 80) {
                    poll(anyCursor(), 1 + random.nextInt(200));
                } else if (action < 90) {
                    reads.runNext();
                } else if (action < 96) {
                    subscribe();
                } else if (action < 98) {
                    log.trimTo(random.nextInt(1 + accepted.size()));
                } else {
                    endOrClose(anyCursor());
                }
            }
            commit(false);
            finish();
        }

        private void publish() {
            String collection = COLLECTIONS.get(random.nextInt(3));
            Change change = random.nextInt(4) == 0
                    ? Change.delete(collection, "k" + random.nextInt(5))
                    : Change.put(collection, "k" + random.nextInt(5), "" + keys++);
            Precondition precondition = anyPrecondition();
            queued.add(new Queued(change, precondition, feed.publish(change, precondition, () -> {})));
        }

        private Precondition anyPrecondition() {
            var near = new Position(MemoryFeedLog.EPOCH, accepted.size() + random.nextInt(10));
            return switch (random.nextInt(8)) {
                case 0 -> Precondition.mustExist();
                case 1 -> Precondition.mustNotExist();
                case 2 -> Precondition.mustBeAt(anyPosition());
                case 3 -> Precondition.mustNotBeAt(Set.of(anyPosition()));
                case 4 -> Precondition.mustBeAt(near);
                default -> Precondition.none();
            };
        }

        private Position anyPosition() {
            return new Position(MemoryFeedLog.EPOCH, random.nextInt(accepted.size() + 2));
        }

        private void commit(boolean failing) {
            log.failAppends(failing ? new FeedLogException("told to fail") : null);
            commits.runAll();
            for (int from = 0; from < queued.size(); from += groupUpdates) {
                committed(queued.subList(from, Math.min(from + groupUpdates, queued.size())), failing);
            }
            queued.clear();
            assertThat(feed.head().seq()).isEqualTo(accepted.size());
        }

        /** What must have become of a group; one that has nothing to commit does not notice that the store fails. */
        private void committed(List<Queued> group, boolean failing) {
            List<Change> taken = new ArrayList<>();
            Map<DocumentName, Position> after = new HashMap<>(positions);
            List<Runnable> checks = new ArrayList<>();
            for (Queued each : group) {
                Position current = after.get(each.change().name());
                if (each.precondition().holds(current)) {
                    taken.add(each.change());
                    long seq = (long) accepted.size() + taken.size();
                    move(each.change(), seq, after);
                    checks.add(() -> assertThat(each.publication().seq()).isEqualTo(seq));
                } else {
                    checks.add(() -> {
                        assertThat(each.publication().refusal()).isEqualTo(Publication.Refusal.PRECONDITION_FAILED);
                        assertThat(each.publication().current()).isEqualTo(current);
                    });
                }
            }
            if (failing && !taken.isEmpty()) {
                assertThat(group).allMatch(each -> each.publication().refusal() == Publication.Refusal.STORE_FAILED);
                return;
            }
            checks.forEach(Runnable::run);
            accepted.addAll(taken);
            positions = after;
        }

        private static void move(Change change, long seq, Map<DocumentName, Position> documents) {
            if (change instanceof Change.Put) {
                documents.put(change.name(), new Position(MemoryFeedLog.EPOCH, seq));
            } else {
                documents.remove(change.name());
            }
        }

        private void subscribe() {
            Position position = anyPosition();
            Filter filter = random.nextBoolean()
                    ? Filter.ALL
                    : Filter.of(COLLECTIONS.subList(0, random.nextInt(3)).stream()
                            .map(Collection::new)
                            .toList());
            Subscription probe = feed.subscribe(position, filter, new Wakeup(Runnable::run, () -> {}));
            Batch oldest = log.oldest();
            long firstServed = oldest == null ? 0 : oldest.firstSeq() - 1;
            boolean servable = position.seq() <= accepted.size() && position.seq() >= firstServed;
            assertThat(probe != null).as("servable " + position).isEqualTo(servable);
            if (servable) {
                cursors.add(new Cursor(this, position.seq(), filter));
            }
        }

        private @Nullable Cursor anyCursor() {
            return cursors.isEmpty() ? null : cursors.get(random.nextInt(cursors.size()));
        }

        /** True if there is reason to poll again. */
        private boolean poll(@Nullable Cursor cursor, int maxBytes) throws FeedLogException {
            if (cursor == null || cursor.closed || !cursor.signalled) {
                return false;
            }
            cursor.signalled = false;
            long before = cursor.subscription.seq();
            EventLines lines = cursor.subscription.poll(maxBytes);
            long after = cursor.subscription.seq();
            assertThat(after).isBetween(before, (long) accepted.size());
            List<String> expected = expected(before, after, cursor.filter);
            assertThat(lines == null ? "" : lines.bytes().utf8String()).isEqualTo(String.join("", expected));
            if (lines != null) {
                String last = expected.get(expected.size() - 1);
                assertThat(lines.updates()).isEqualTo(expected.size());
                assertThat(lines.lastSeq()).isEqualTo(Long.parseLong(last.substring(0, last.indexOf(' '))));
            }
            cursor.signalled |= lines != null;
            return cursor.signalled;
        }

        private List<String> expected(long after, long last, Filter filter) {
            List<String> lines = new ArrayList<>();
            for (long seq = after + 1; seq <= last; seq++) {
                Change change = accepted.get((int) seq - 1);
                if (filter.includes(change.collection())) {
                    lines.add(TextEncoder.line(new Update(seq, change)));
                }
            }
            return lines;
        }

        private void endOrClose(@Nullable Cursor cursor) {
            if (cursor == null) {
                return;
            }
            if (random.nextBoolean()) {
                cursor.closed = true;
                cursor.subscription.close();
            } else {
                cursor.end = Math.min(cursor.end, feed.hub().head());
                cursor.subscription.endAt(feed.hub().head());
            }
        }

        private void finish() throws FeedLogException {
            boolean again = true;
            while (again) {
                reads.runAll();
                again = false;
                for (Cursor cursor : cursors) {
                    again |= poll(cursor, 100);
                }
                again |= reads.pending() > 0;
            }
            for (Cursor cursor : cursors) {
                if (!cursor.closed && !cursor.subscription.isLost()) {
                    assertThat(cursor.subscription.seq())
                            .as("where cursor " + cursors.indexOf(cursor) + " ended")
                            .isEqualTo(Math.min(cursor.end, accepted.size()));
                }
                cursor.subscription.close();
            }
            assertThat(feed.laggingCursors()).isZero();
            assertThat(log.batches().stream().mapToInt(Batch::count).sum()).isLessThanOrEqualTo(accepted.size());
            Batch last = log.last();
            assertThat(last == null ? 0 : last.lastSeq()).isEqualTo(accepted.size());
        }
    }
}
