package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Filter;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.Update;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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
    private static final int MOST_IN_A_BATCH = 8;
    private static final List<String> COLLECTIONS = List.of("a", "b", "c");

    /** What came to pass, so that it can be seen that everything did. */
    record Replay(int resumed, int lost, int snapshots, int conditionsMet, int conditionsFailed, int unchecked) {}

    /** A follower that polls only when it has reason to: after a signal, or after lines. */
    private final class Cursor {

        private final Filter filter;
        private Subscription subscription;
        private boolean signalled = true;
        private long seq;
        private long end = Long.MAX_VALUE;
        private boolean over;
        /** Its last poll started or found a read of the log: the feed may not trim what comes next. */
        private boolean lagging;

        Cursor(long after, Filter filter) {
            this.filter = filter;
            seq = after;
            subscription = feed.subscribeAfter(seq, filter, wakeup(this::signal));
        }

        private void signal() {
            signalled = true;
        }

        /** As a client that comes back with the position that it had. */
        void resume() {
            subscription.close();
            lagging = false;
            var position = new Position(MemoryFeedLog.EPOCH, seq);
            Subscription next = feed.subscribe(position, filter, wakeup(this::signal));
            assertThat(next != null).as("servable %s", position).isEqualTo(isServable(seq));
            if (next == null) {
                over = true;
            } else {
                signalled = true;
                subscription = next;
                resumed++;
            }
        }

        /** True if there is reason to poll again. */
        boolean poll(int maxBytes) throws FeedLogException {
            if (over || !signalled) {
                return false;
            }
            signalled = false;
            EventLines lines = subscription.poll(maxBytes);
            long after = subscription.seq();
            assertThat(after).isBetween(seq, Math.min(end, accepted.size()));
            List<String> expected = expected(seq, after, filter);
            assertThat(lines == null ? "" : lines.bytes().utf8String()).isEqualTo(String.join("", expected));
            if (lines != null) {
                String last = expected.get(expected.size() - 1);
                assertThat(lines.updates()).isEqualTo(expected.size());
                assertThat(lines.lastSeq()).isEqualTo(Long.parseLong(last.substring(0, last.indexOf(' '))));
            }
            seq = after;
            boolean waitsForTheLog =
                    lines == null && seq < Math.min(end, feed.head().seq());
            lagging = waitsForTheLog && (lagging || firstServed() <= seq);
            if (subscription.isLost()) {
                assertThat(firstServed()).as("lost at %s", seq).isGreaterThan(seq);
                over = true;
                lost++;
            }
            signalled |= lines != null;
            return signalled;
        }

        void end() {
            long head = feed.head().seq();
            if (seq <= head) {
                end = Math.min(end, head);
                subscription.endAt(head);
            }
        }

        void close() {
            over = true;
            lagging = false;
            subscription.close();
        }
    }

    /** A client that is sent the documents and then follows. */
    private final class Snapshotting {

        private final Filter filter;
        private final SnapshotReader reader;
        private final long headBefore = feed.head().seq();
        private final StringBuilder documents = new StringBuilder();

        Snapshotting(Filter filter) {
            this.filter = filter;
            reader = feed.readSnapshot(filter, 1 + random.nextInt(60), wakeup(() -> {}));
        }

        /** True when it has gone over to following. */
        boolean poll() throws FeedLogException {
            EventLines lines = reader.poll();
            documents.append(lines == null ? "" : lines.bytes().utf8String());
            if (!reader.isAtEnd()) {
                return false;
            }
            assertThat(reader.seq()).isBetween(headBefore, (long) accepted.size());
            assertThat(documents.toString()).isEqualTo(documentsAt(reader.seq(), filter));
            reader.close();
            snapshots++;
            cursors.add(new Cursor(reader.seq(), filter));
            return true;
        }
    }

    private final Random random;
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final Feed feed;
    private final Retention retention;

    /** The model: what was accepted, in order, and what waits for its commit. */
    private final List<Change> accepted = new ArrayList<>();

    private int queued;
    private boolean draining;
    private boolean abandoned;
    private boolean everythingWasSettled;
    private boolean failing;
    private @Nullable DocumentName unreadable;
    private boolean roomAwaited;
    private @Nullable Throwable duringAnAppend;
    private long trimmedByHand;

    private final List<AtomicInteger> settlements = new ArrayList<>();
    private final List<Cursor> cursors = new ArrayList<>();
    private final List<Snapshotting> snapshotting = new ArrayList<>();
    private int keys;
    private int resumed;
    private int lost;
    private int snapshots;
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
        retention = limits.settings().retention();
        feed = new Feed(log, limits.settings(), new TextEncoder(), commits, reads, Runnable::run, CommitObserver.NONE);
        log.beforeAppend(this::duringAnAppend);
        log.afterAppend(this::duringAnAppend);
    }

    private static Wakeup wakeup(Runnable signal) {
        var wakeup = new Wakeup[1];
        wakeup[0] = new Wakeup(Runnable::run, () -> {
            wakeup[0].reset();
            signal.run();
        });
        return wakeup[0];
    }

    Replay run() throws FeedLogException {
        for (int step = 0; step < STEPS; step++) {
            int action = random.nextInt(100);
            if (action < 32) {
                publish();
            } else if (action < 46) {
                commitWithFaults();
            } else if (action < 74) {
                pollAny();
            } else if (action < 84) {
                reads.runNext();
            } else if (action < 89) {
                subscribe();
            } else if (action < 92) {
                snapshotting.add(new Snapshotting(anyFilter()));
            } else if (action < 95) {
                resumeAny();
            } else if (action < 96) {
                log.trimTo(random.nextInt(1 + accepted.size()));
                trimmedByHand = firstServed();
            } else if (action < 98) {
                awaitRoom();
            } else {
                endOrCloseAny();
            }
        }
        drain();
        finish();
        return new Replay(resumed, lost, snapshots, conditionsMet, conditionsFailed, unchecked);
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
        Position found = positionNow(change.name());
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

    private @Nullable Position positionNow(DocumentName name) {
        for (int seq = accepted.size(); seq > 0; seq--) {
            Change change = accepted.get(seq - 1);
            if (change.name().equals(name)) {
                return change instanceof Change.Put ? new Position(MemoryFeedLog.EPOCH, seq) : null;
            }
        }
        return null;
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
        requireServedCursorsKeepTheirLog();
        assertThat(roomAwaited && feed.hasRoom()).as("room without a signal").isFalse();
        assertThat(feed.head().seq()).isEqualTo(accepted.size());
    }

    /** Others do not stand still while the store writes; what it has before the commit's end is nobody's to see. */
    private void duringAnAppend() {
        try {
            if (random.nextBoolean()) {
                pollAny();
            }
            if (snapshotting.isEmpty()) {
                // Reads of the log only: opening a snapshot would wait for the end of this very commit.
                reads.runNext();
            }
            requireServedCursorsKeepTheirLog();
        } catch (FeedLogException | AssertionError e) {
            // To the feed it would be a failure of the store.
            duringAnAppend = e;
        }
    }

    private void awaitRoom() {
        if (!feed.hasRoom() && !roomAwaited) {
            roomAwaited = true;
            feed.awaitRoom(wakeup(() -> roomAwaited = false));
        }
    }

    // ---- followers

    private void subscribe() {
        var position = new Position(MemoryFeedLog.EPOCH, random.nextInt(accepted.size() + 2));
        Filter filter = anyFilter();
        Subscription probe = feed.subscribe(position, filter, wakeup(() -> {}));
        boolean servable = isServable(position.seq());
        assertThat(probe != null).as("servable " + position).isEqualTo(servable);
        if (probe != null) {
            // A follower that never asks for anything lags.
            probe.close();
            cursors.add(new Cursor(position.seq(), filter));
        }
    }

    private Filter anyFilter() {
        return random.nextBoolean()
                ? Filter.ALL
                : Filter.of(COLLECTIONS.subList(0, random.nextInt(3)).stream()
                        .map(Collection::new)
                        .toList());
    }

    private boolean isServable(long seq) {
        return seq <= accepted.size() && seq >= firstServed();
    }

    private long firstServed() {
        Batch oldest = log.oldest();
        return oldest == null ? 0 : oldest.firstSeq() - 1;
    }

    private @Nullable Cursor anyCursor() {
        return cursors.isEmpty() ? null : cursors.get(random.nextInt(cursors.size()));
    }

    private void pollAny() throws FeedLogException {
        if (!snapshotting.isEmpty() && random.nextInt(3) == 0) {
            int which = random.nextInt(snapshotting.size());
            if (snapshotting.get(which).poll()) {
                snapshotting.remove(which);
            }
            return;
        }
        Cursor cursor = anyCursor();
        if (cursor != null) {
            boolean unused = cursor.poll(1 + random.nextInt(200));
        }
    }

    private void resumeAny() {
        Cursor cursor = anyCursor();
        if (cursor != null && !cursor.over && cursor.end == Long.MAX_VALUE) {
            cursor.resume();
        }
    }

    private void endOrCloseAny() {
        Cursor cursor = anyCursor();
        if (cursor == null || cursor.over) {
            return;
        }
        if (random.nextBoolean()) {
            cursor.close();
        } else {
            cursor.end();
        }
    }

    /** What a cursor is being served from is kept, up to twice the retention. */
    private void requireServedCursorsKeepTheirLog() {
        Batch newest = log.last();
        for (Cursor cursor : cursors) {
            if (newest != null && cursor.lagging && cursor.seq >= trimmedByHand) {
                boolean isTooFarBehind =
                        newest.lastSeq() - (cursor.seq + 1 - MOST_IN_A_BATCH) >= 2 * retention.updates();
                assertThat(isTooFarBehind || firstServed() <= cursor.seq)
                        .as("the log of a cursor at %s begins at %s", cursor.seq, firstServed())
                        .isTrue();
            }
        }
    }

    // ---- what is expected

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

    private String documentsAt(long seq, Filter filter) {
        Map<String, String> documents = new TreeMap<>();
        for (Change change : accepted.subList(0, (int) seq)) {
            String name = change.collection() + "/\"" + change.key() + "\"";
            if (change instanceof Change.Put put && filter.includes(change.collection())) {
                documents.put(name, name + " " + put.value() + "\n");
            } else {
                documents.remove(name);
            }
        }
        return String.join("", documents.values());
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
            cursors.forEach(Cursor::end);
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
        while (isAnythingLeft()) {
            reads.runAll();
        }
        for (Cursor cursor : cursors) {
            if (!cursor.over) {
                assertThat(cursor.seq)
                        .as("where cursor " + cursors.indexOf(cursor) + " ended")
                        .isEqualTo(Math.min(cursor.end, accepted.size()));
            }
            cursor.close();
        }
        assertThat(settlements).allSatisfy(settled -> assertThat(settled).hasValue(1));
        assertThat(feed.laggingCursors()).isZero();
        Batch last = log.last();
        if (!abandoned) {
            assertThat(last == null ? 0 : last.lastSeq()).isEqualTo(accepted.size());
        }
    }

    private boolean isAnythingLeft() throws FeedLogException {
        boolean again = false;
        for (int i = snapshotting.size() - 1; i >= 0; i--) {
            if (finishSnapshot(snapshotting.get(i))) {
                snapshotting.remove(i);
            }
            again = true;
        }
        for (Cursor cursor : List.copyOf(cursors)) {
            again |= cursor.poll(1 + random.nextInt(1000));
        }
        return again || reads.pending() > 0;
    }

    /** After an abandoned commit the store is ahead of what may be shown: then there is none. */
    private boolean finishSnapshot(Snapshotting client) {
        try {
            return client.poll();
        } catch (FeedLogException e) {
            assertThat(abandoned).as("a reason to fail: %s", e.getMessage()).isTrue();
            client.reader.close();
            return true;
        }
    }
}
