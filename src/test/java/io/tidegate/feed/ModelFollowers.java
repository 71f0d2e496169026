package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Collection;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The followers of a {@link FeedModel}: each checks what it is handed against what was accepted. */
final class ModelFollowers {

    /** A follower that polls only when it has reason to: after a signal, or after lines. */
    private final class Cursor {

        private final Selection selection;
        private Subscription subscription;
        private boolean signalled = true;
        private long seq;
        private long end = Long.MAX_VALUE;
        private boolean over;
        /** Its last poll started or found a read of the log: the feed may not trim what comes next. */
        private boolean lagging;

        Cursor(long after, Selection selection) {
            this.selection = selection;
            seq = after;
            subscription = feed.subscribeAfter(seq, selection, Steps.EVERY, wakeup(this::signal));
        }

        private void signal() {
            signalled = true;
        }

        /** As a client that comes back with the position that it had. */
        void resume() {
            subscription.close();
            lagging = false;
            var position = new Position(MemoryFeedLog.EPOCH, seq);
            Subscription next = feed.subscribe(position, selection, Steps.EVERY, wakeup(this::signal));
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
            List<String> expected = accepted.lines(seq, after, selection);
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

        private final Selection selection;
        private final SnapshotReader reader;
        private final long headBefore = feed.head().seq();
        private final StringBuilder documents = new StringBuilder();

        Snapshotting(Selection selection) {
            this.selection = selection;
            reader = feed.readSnapshot(selection, 1 + random.nextInt(60), wakeup(() -> {}));
        }

        /** True when it has gone over to following. */
        boolean poll() throws FeedLogException {
            EventLines lines = reader.poll();
            documents.append(lines == null ? "" : lines.bytes().utf8String());
            if (!reader.isAtEnd()) {
                return false;
            }
            assertThat(reader.seq()).isBetween(headBefore, (long) accepted.size());
            assertThat(documents.toString()).isEqualTo(accepted.documentsAt(reader.seq(), selection));
            reader.close();
            snapshots++;
            cursors.add(new Cursor(reader.seq(), selection));
            return true;
        }
    }

    private final Random random;
    private final MemoryFeedLog log;
    private final StepExecutor reads;
    private final Feed feed;
    private final Retention retention;
    private final AcceptedChanges accepted;
    private final List<Cursor> cursors = new ArrayList<>();
    private final List<Snapshotting> snapshotting = new ArrayList<>();
    private long trimmedByHand;
    private int resumed;
    private int lost;
    private int snapshots;

    ModelFollowers(
            Random random,
            MemoryFeedLog log,
            StepExecutor reads,
            Feed feed,
            Retention retention,
            AcceptedChanges accepted) {
        this.random = random;
        this.log = log;
        this.reads = reads;
        this.feed = feed;
        this.retention = retention;
        this.accepted = accepted;
    }

    int resumed() {
        return resumed;
    }

    int lost() {
        return lost;
    }

    int snapshots() {
        return snapshots;
    }

    static Wakeup wakeup(Runnable signal) {
        var wakeup = new Wakeup[1];
        wakeup[0] = new Wakeup(Runnable::run, () -> {
            wakeup[0].reset();
            signal.run();
        });
        return wakeup[0];
    }

    void subscribe() {
        var position = new Position(MemoryFeedLog.EPOCH, random.nextInt(accepted.size() + 2));
        Selection selection = anyFilter();
        Subscription probe = feed.subscribe(position, selection, Steps.EVERY, wakeup(() -> {}));
        boolean servable = isServable(position.seq());
        assertThat(probe != null).as("servable " + position).isEqualTo(servable);
        if (probe != null) {
            // A follower that never asks for anything lags.
            probe.close();
            cursors.add(new Cursor(position.seq(), selection));
        }
    }

    void readSnapshot() {
        snapshotting.add(new Snapshotting(anyFilter()));
    }

    /** As somebody may do by hand, whoever is being served. */
    void trim() {
        log.trimTo(random.nextInt(1 + accepted.size()));
        trimmedByHand = firstServed();
    }

    private Selection anyFilter() {
        return random.nextBoolean()
                ? Selection.ALL
                : Selection.ofCollections(FeedModel.COLLECTIONS.subList(0, random.nextInt(3)).stream()
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

    void pollAny() throws FeedLogException {
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

    void resumeAny() {
        Cursor cursor = anyCursor();
        if (cursor != null && !cursor.over && cursor.end == Long.MAX_VALUE) {
            cursor.resume();
        }
    }

    void endOrCloseAny() {
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

    /** While a snapshot is to be opened they stand still: that would wait for the end of the very commit that is under way. */
    void readTheLogDuringAnAppend() {
        if (snapshotting.isEmpty()) {
            reads.runNext();
        }
    }

    void endAll() {
        cursors.forEach(Cursor::end);
    }

    /** What a cursor is being served from is kept, up to twice the retention. */
    void requireServedCursorsKeepTheirLog() {
        Batch newest = log.last();
        for (Cursor cursor : cursors) {
            if (newest != null && cursor.lagging && cursor.seq >= trimmedByHand) {
                boolean isTooFarBehind =
                        newest.lastSeq() - (cursor.seq + 1 - FeedModel.MOST_IN_A_BATCH) >= 2 * retention.updates();
                assertThat(isTooFarBehind || firstServed() <= cursor.seq)
                        .as("the log of a cursor at %s begins at %s", cursor.seq, firstServed())
                        .isTrue();
            }
        }
    }

    /** Everybody gets all that is owed. */
    void finish(boolean abandoned) throws FeedLogException {
        while (isAnythingLeft(abandoned)) {
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
    }

    private boolean isAnythingLeft(boolean abandoned) throws FeedLogException {
        boolean again = false;
        for (int i = snapshotting.size() - 1; i >= 0; i--) {
            if (finishSnapshot(snapshotting.get(i), abandoned)) {
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
    private boolean finishSnapshot(Snapshotting client, boolean abandoned) {
        try {
            return client.poll();
        } catch (FeedLogException e) {
            assertThat(abandoned).as("a reason to fail: %s", e.getMessage()).isTrue();
            client.reader.close();
            return true;
        }
    }
}
