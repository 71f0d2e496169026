package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One random history: publish with conditions and without, commit, fail, connect, stall, resume, read a snapshot, trim, drain,
 * abandon, in any order, also while an append is under way. The model is the list of what was accepted; the feed has to agree
 * with it at each step.
 */
final class FeedModel {

    private static final int STEPS = 250;
    private static final int QUEUE_UPDATES = 5;
    private static final int MOST_IN_A_COMMIT = 16;
    static final int MOST_IN_A_BATCH = 8;
    static final List<String> COLLECTIONS = List.of("a", "b", "c");

    /** What came to pass, so that it can be seen that everything did. */
    record Replay(
            int resumed,
            int lost,
            int snapshots,
            int selected,
            int leftOut,
            int conditionsMet,
            int conditionsFailed,
            int unchecked) {}

    private final Random random;
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed;
    private final ModelFollowers followers;

    /** The model: what was accepted, in order, and what waits for its commit. */
    private final AcceptedChanges accepted = new AcceptedChanges();

    private int queued;
    private boolean draining;
    private boolean abandoned;
    private boolean everythingWasSettled;
    private boolean failing;
    private @Nullable DocumentName unreadable;
    private boolean roomAwaited;
    private @Nullable Throwable duringAnAppend;

    private final List<AtomicInteger> settlements = new ArrayList<>();
    private int keys;
    private int conditionsMet;
    private int conditionsFailed;
    private int unchecked;

    FeedModel(long seed) {
        random = new Random(seed);
        FeedLimits limits = FeedLimits.roomy()
                .queue(QUEUE_UPDATES, 1 << 20)
                .commit(1 + random.nextInt(MOST_IN_A_COMMIT), 1 << 16)
                .batch(1 + random.nextInt(MOST_IN_A_BATCH), 1 << 16)
                .catchUpBytes(1 + random.nextInt(600))
                .ring(1 << random.nextInt(5), 100 + random.nextInt(5000))
                .retention(1 + random.nextInt(60), 1 << 20);
        feed = new Feed(
                log, limits.settings(), TextEncoder.quotingKeys(), commits, reads, Runnable::run, CommitObserver.NONE);
        followers = new ModelFollowers(
                random,
                reads,
                new ServedFeed(feed, log, accepted),
                limits.settings().retention());
        log.rememberChanges(random.nextInt(200));
        log.beforeAppend(this::duringAnAppend);
        log.afterAppend(this::duringAnAppend);
    }

    Replay run() throws FeedLogException {
        for (int step = 0; step < STEPS; step++) {
            int action = random.nextInt(100);
            if (action < 32) {
                publish();
            } else if (action < 46) {
                commitWithFaults();
            } else if (action < 74) {
                followers.pollAny();
            } else if (action < 84) {
                reads.runNext();
            } else if (action < 88) {
                followers.subscribe();
            } else if (action < 89) {
                followers.holdAny();
            } else if (action < 92) {
                followers.readSnapshot();
            } else if (action < 95) {
                followers.resumeAny();
            } else if (action < 96) {
                followers.trim();
            } else if (action < 97) {
                awaitRoom();
            } else if (action < 98) {
                followers.selectAny();
            } else {
                followers.endOrCloseAny();
            }
        }
        drain();
        finish();
        return new Replay(
                followers.resumed(),
                followers.lost(),
                followers.snapshots(),
                followers.selected(),
                followers.leftOut(),
                conditionsMet,
                conditionsFailed,
                unchecked);
    }

    // ---- publish and commit

    private void publish() {
        String collection = COLLECTIONS.get(random.nextInt(3));
        Change change = random.nextInt(4) == 0
                ? Change.delete(collection, "k" + random.nextInt(5))
                : Change.put(collection, "k" + random.nextInt(5), "" + keys++);
        Precondition precondition = anyPrecondition();
        assertThat(feed.hasRoom()).isEqualTo(queued < QUEUE_UPDATES);
        var settled = new AtomicInteger();
        settlements.add(settled);
        var publication = new Publication[1];
        boolean refusedAtOnce = draining;
        if (!refusedAtOnce) {
            queued++;
        }
        publication[0] = feed.publish(change, precondition, () -> {
            settled.incrementAndGet();
            if (!refusedAtOnce) {
                settled(change, precondition, publication[0]);
            }
        });
        if (refusedAtOnce) {
            assertThat(publication[0].refusal()).isEqualTo(Refusal.DRAINING);
        } else {
            assertThat(publication[0].isSettled()).isFalse();
        }
    }

    /** Half of them none; the others name positions that are likely, those of changes that still wait included. */
    private Precondition anyPrecondition() {
        var position = new Position(MemoryFeedLog.EPOCH, 1 + random.nextInt(accepted.size() + QUEUE_UPDATES));
        return switch (random.nextInt(10)) {
            case 0 -> Precondition.mustExist();
            case 1 -> Precondition.mustNotExist();
            case 2 -> Precondition.mustBeAt(position);
            case 3 -> Precondition.mustBeAt(recentPositions());
            case 4 -> Precondition.mustNotBeAt(recentPositions());
            default -> Precondition.none();
        };
    }

    private Set<Position> recentPositions() {
        Set<Position> positions = new HashSet<>();
        long oldest = Math.max(1, accepted.size() - 5 - random.nextInt(20));
        for (long seq = oldest; seq <= accepted.size() + QUEUE_UPDATES; seq++) {
            positions.add(new Position(MemoryFeedLog.EPOCH, seq));
        }
        return positions;
    }

    /** The commits come in the order of the changes, and what is accepted is in the log and shown. */
    private void settled(Change change, Precondition precondition, Publication publication) {
        boolean isConditional = !precondition.equals(Precondition.none());
        // All that was ordered before it is settled: this is what it found.
        Position found = accepted.position(change.name());
        Refusal refusal = publication.refusal();
        if (refusal == null) {
            assertThat(precondition.holds(found))
                    .as("%s holds at %s", precondition, found)
                    .isTrue();
            accepted.add(change);
            assertThat(publication.seq()).isEqualTo(accepted.size());
            assertThat(feed.head().seq()).isGreaterThanOrEqualTo(accepted.size());
            Batch last = log.last();
            assertThat(last == null ? 0 : last.lastSeq()).isGreaterThanOrEqualTo(accepted.size());
            assertThat(publication.current()).isEqualTo(isConditional ? found : null);
            conditionsMet += isConditional ? 1 : 0;
        } else if (refusal == Refusal.PRECONDITION_FAILED) {
            assertThat(precondition.holds(found))
                    .as("%s holds at %s", precondition, found)
                    .isFalse();
            assertThat(publication.current()).isEqualTo(found);
            conditionsFailed++;
        } else {
            assertThat(refusal).isEqualTo(Refusal.STORE_FAILED);
            boolean isUnchecked = isConditional && change.name().equals(unreadable);
            assertThat(failing || abandoned || isUnchecked)
                    .as("a reason to refuse")
                    .isTrue();
            unchecked += isUnchecked ? 1 : 0;
        }
    }

    private void commitWithFaults() {
        if (random.nextInt(5) == 0) {
            unreadable = new DocumentName(
                    new Collection(COLLECTIONS.get(random.nextInt(3))), new Key("k" + random.nextInt(5)));
        }
        log.failReadsOf(unreadable);
        commit(random.nextInt(10) == 0);
        unreadable = null;
        log.failReadsOf(null);
    }

    private void commit(boolean fails) {
        failing = fails;
        log.failAppends(fails ? new FeedLogException("told to fail") : null);
        commits.runAll();
        assertThat(duringAnAppend).isNull();
        failing = false;
        log.failAppends(null);
        queued = 0;
        followers.requireServedFollowersKeepTheirLog();
        assertThat(roomAwaited && feed.hasRoom()).as("room without a signal").isFalse();
        assertThat(feed.head().seq()).isEqualTo(accepted.size());
    }

    /** Others do not stand still while the store writes; what it has before the commit's end is nobody's to see. */
    private void duringAnAppend() {
        try {
            if (random.nextBoolean()) {
                followers.pollAny();
            }
            followers.readTheLogDuringAnAppend();
            followers.requireServedFollowersKeepTheirLog();
        } catch (FeedLogException | AssertionError e) {
            // To the feed it would be a failure of the store.
            duringAnAppend = e;
        }
    }

    private void awaitRoom() {
        if (!feed.hasRoom() && !roomAwaited) {
            roomAwaited = true;
            feed.awaitRoom(ServedFeed.wakeup(() -> roomAwaited = false));
        }
    }

    // ---- the end

    private void drain() throws FeedLogException {
        CompletableFuture<Long> drained = feed.drain().toCompletableFuture();
        draining = true;
        assertThat(drained.isDone()).isEqualTo(queued == 0);
        publish();
        if (queued > 0 && random.nextInt(3) == 0) {
            abandon();
        } else {
            commit(random.nextInt(4) == 0);
        }
        publish();
        assertThat(drained).isCompletedWithValue((long) accepted.size());
        if (!abandoned || random.nextBoolean()) {
            // Otherwise they go on, and must not find in the log what was refused.
            followers.endAll();
        }
    }

    private void abandon() {
        boolean afterTheAppend = random.nextBoolean();
        Runnable giveUp = () -> {
            abandoned = true;
            feed.abandon();
            everythingWasSettled = settlements.stream().allMatch(settled -> settled.get() == 1);
        };
        if (afterTheAppend) {
            log.afterAppend(giveUp);
        } else {
            log.beforeAppend(giveUp);
        }
        long head = feed.head().seq();
        commits.runAll();
        // Where no precondition holds nothing is appended, and there is nothing to give up.
        assertThat(everythingWasSettled).as("settled by the abandonment itself").isEqualTo(abandoned);
        queued = 0;
        assertThat(feed.head().seq()).isEqualTo(head);
    }

    private void finish() throws FeedLogException {
        followers.finish(abandoned);
        assertThat(settlements).allSatisfy(settled -> assertThat(settled).hasValue(1));
        assertThat(feed.laggingCursors()).isZero();
        Batch last = log.last();
        if (!abandoned) {
            assertThat(last == null ? 0 : last.lastSeq()).isEqualTo(accepted.size());
        }
    }
}
