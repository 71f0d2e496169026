package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The followers of a {@link FeedModel}: each checks what it is handed against what was accepted. */
final class ModelFollowers {

    /** A follower that polls only when it has reason to: after a signal, or after lines. */
    private final class Cursor {

        private final Steps steps;
        private Selection selection;
        private Subscription subscription;
        private boolean signalled = true;
        private long seq;
        private long end = Long.MAX_VALUE;
        private long hold = Long.MAX_VALUE;
        private boolean over;
        /** Its last poll started or found a read of the log: the feed may not trim what comes next. */
        private boolean lagging;
        /** It was told that steps are left out, and has not been at the head since. */
        private boolean condensed;
        /** The documents that its client has. */
        private Map<String, String> documents;

        Cursor(long after, Selection selection, Steps steps) {
            this.selection = selection;
            this.steps = steps;
            seq = after;
            documents = accepted.documents(after, selection);
            subscription = feed.subscribeAfter(seq, selection, steps, wakeup(this::signal));
        }

        private void signal() {
            signalled = true;
        }

        private long limit() {
            return Math.min(Math.min(end, hold), accepted.size());
        }

        /** As a client that comes back with the position that it had. */
        void resume() {
            moveTo(subscription.seq(), "");
            subscription.close();
            lagging = false;
            condensed = false;
            hold = Long.MAX_VALUE;
            var position = new Position(MemoryFeedLog.EPOCH, seq);
            Subscription next = feed.subscribe(position, selection, steps, wakeup(this::signal));
            assertThat(next != null).as("servable %s", position).isEqualTo(isServable(seq, steps));
            if (next == null) {
                over = true;
            } else {
                signalled = true;
                subscription = next;
                resumed++;
            }
        }

        /** As a client that asks for something else, and is sent the documents of that. */
        void select(Selection next) {
            long at = subscription.select(next);
            moveTo(at, "");
            selection = next;
            documents = accepted.documents(at, next);
            selected++;
        }

        void holdOrGoOn() {
            long head = feed.head().seq();
            if (hold != Long.MAX_VALUE) {
                goOn();
            } else if (subscription.seq() <= head) {
                hold = head;
                subscription.holdAt(head);
            }
        }

        void goOn() {
            hold = Long.MAX_VALUE;
            subscription.goOn();
            signalled = true;
        }

        /** True if there is reason to poll again. */
        boolean poll(int maxBytes) throws FeedLogException {
            if (over || !signalled) {
                return false;
            }
            signalled = false;
            long before = seq;
            EventLines lines = subscription.poll(maxBytes);
            if (subscription.beganCondensed()) {
                assertThat(steps).isEqualTo(Steps.RETAINED);
                assertThat(firstServed()).as("began to condense").isGreaterThan(before);
                condensed = true;
            }
            moveTo(subscription.seq(), lines == null ? "" : lines.bytes().utf8String());
            if (lines != null) {
                List<String> each = lines.bytes().utf8String().lines().toList();
                assertThat(lines.updates()).isEqualTo(each.size());
                assertThat(lines.lastSeq()).isEqualTo(seqOf(each.get(each.size() - 1)));
            }
            boolean waitsForTheStore =
                    lines == null && seq < Math.min(end, feed.head().seq()) && seq < hold;
            lagging = waitsForTheStore && steps == Steps.EVERY && (lagging || firstServed() <= seq);
            if (subscription.isLost()) {
                assertThat(firstServed()).as("lost at %s", seq).isGreaterThan(seq);
                assertThat(steps == Steps.EVERY || log.changesKnownAfter() > seq)
                        .as("lost at %s", seq)
                        .isTrue();
                over = true;
                lost++;
            } else if (lines == null && subscription.isLive()) {
                requireCurrent();
            }
            signalled |= lines != null;
            return signalled;
        }

        private void requireCurrent() {
            moveTo(subscription.seq(), "");
            condensed = false;
            if (!abandonedInTheStore()) {
                assertThat(documents).isEqualTo(accepted.documents(seq, selection));
            }
        }

        /** The lines are all of its steps up to there, or those that are left of them where some may be left out. */
        private void moveTo(long after, String lines) {
            assertThat(after).isBetween(seq, Math.max(seq, limit()));
            List<String> expected = accepted.lines(seq, after, selection);
            if (!lines.equals(String.join("", expected))) {
                List<String> given = lines.lines().map(line -> line + "\n").toList();
                var left = new ArrayList<>(expected);
                left.retainAll(given);
                assertThat(given).isEqualTo(left);
                assertThat(steps == Steps.NEWEST || condensed)
                        .as("may condense")
                        .isTrue();
                expected.stream().filter(line -> !given.contains(line)).forEach(this::requireReplaced);
                leftOut++;
            }
            lines.lines().forEach(this::show);
            seq = after;
        }

        private void requireReplaced(String line) {
            long left = seqOf(line);
            assertThat(log.newestOf(accepted.change(left).name()))
                    .as("left out of %s after %s: %s", steps, seq, line)
                    .isGreaterThan(left);
        }

        private void show(String line) {
            String[] parts = line.split(" ", 3);
            if (parts[2].equals("-")) {
                documents.remove(parts[1]);
            } else {
                documents.put(parts[1], parts[1] + " " + parts[2] + "\n");
            }
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

    private static long seqOf(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
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
            cursors.add(new Cursor(reader.seq(), selection, choice.steps()));
            return true;
        }
    }

    private final Random random;
    private final AnyChoice choice;
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
    private int selected;
    private int leftOut;

    ModelFollowers(
            Random random,
            MemoryFeedLog log,
            StepExecutor reads,
            Feed feed,
            Retention retention,
            AcceptedChanges accepted) {
        this.random = random;
        choice = new AnyChoice(random);
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

    int selected() {
        return selected;
    }

    /** How often some were sent less than every step. */
    int leftOut() {
        return leftOut;
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
        Selection selection = choice.selection();
        Steps steps = choice.steps();
        Subscription probe = feed.subscribe(position, selection, steps, wakeup(() -> {}));
        boolean servable = isServable(position.seq(), steps);
        assertThat(probe != null).as("servable " + position).isEqualTo(servable);
        if (probe != null) {
            // A follower that never asks for anything lags.
            probe.close();
            cursors.add(new Cursor(position.seq(), selection, steps));
        }
    }

    void readSnapshot() {
        snapshotting.add(new Snapshotting(choice.selection()));
    }

    /** As somebody may do by hand, whoever is being served. */
    void trim() {
        log.trimTo(random.nextInt(1 + accepted.size()));
        trimmedByHand = firstServed();
    }

    private boolean isServable(long seq, Steps steps) {
        return seq <= accepted.size()
                && (seq >= firstServed() || (steps != Steps.EVERY && seq >= log.changesKnownAfter()));
    }

    /** Then its documents have moved on to where nobody is sent them. */
    private boolean abandonedInTheStore() {
        Batch last = log.last();
        return last != null && last.lastSeq() > accepted.size();
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

    void selectAny() {
        Cursor cursor = anyCursor();
        if (cursor != null && !cursor.over) {
            cursor.select(choice.selection());
        }
    }

    void holdAny() {
        Cursor cursor = anyCursor();
        if (cursor != null && !cursor.over) {
            cursor.holdOrGoOn();
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
        cursors.forEach(Cursor::goOn);
        while (isAnythingLeft(abandoned)) {
            reads.runAll();
        }
        for (Cursor cursor : cursors) {
            if (!cursor.over) {
                cursor.moveTo(cursor.subscription.seq(), "");
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
