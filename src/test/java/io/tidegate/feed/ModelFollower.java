package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A follower that polls only when it has reason to: after a signal, or after lines. Checks what it is handed. */
final class ModelFollower {

    private final ServedFeed served;
    private final FollowTally tally;
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

    ModelFollower(ServedFeed served, FollowTally tally, long after, Selection selection, Steps steps) {
        this.served = served;
        this.tally = tally;
        this.selection = selection;
        this.steps = steps;
        seq = after;
        documents = served.accepted().documents(after, selection);
        subscription = served.feed().subscribeAfter(seq, selection, steps, ServedFeed.wakeup(this::signal));
    }

    private void signal() {
        signalled = true;
    }

    private long limit() {
        return Math.min(Math.min(end, hold), served.accepted().size());
    }

    /** As a client that comes back with the position that it had. */
    void resume() {
        moveTo(subscription.seq(), "");
        subscription.close();
        lagging = false;
        condensed = false;
        hold = Long.MAX_VALUE;
        var position = new Position(MemoryFeedLog.EPOCH, seq);
        Subscription next = served.feed().subscribe(position, selection, steps, ServedFeed.wakeup(this::signal));
        assertThat(next != null).as("servable %s", position).isEqualTo(served.isServable(seq, steps));
        if (next == null) {
            over = true;
        } else {
            signalled = true;
            subscription = next;
            tally.resumed++;
        }
    }

    /** As a client that asks for something else, and is sent the documents of that. */
    void select(Selection next) {
        long at = subscription.select(next);
        moveTo(at, "");
        selection = next;
        documents = served.accepted().documents(at, next);
        tally.selected++;
    }

    void holdOrGoOn() {
        long head = served.feed().head().seq();
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
            assertThat(served.firstServed()).as("began to condense").isGreaterThan(before);
            condensed = true;
        }
        moveTo(subscription.seq(), lines == null ? "" : lines.bytes().utf8String());
        if (lines != null) {
            List<String> each = lines.bytes().utf8String().lines().toList();
            assertThat(lines.updates()).isEqualTo(each.size());
            assertThat(lines.lastSeq()).isEqualTo(seqOf(each.get(each.size() - 1)));
        }
        boolean waitsForTheStore =
                lines == null && seq < Math.min(end, served.feed().head().seq()) && seq < hold;
        lagging = waitsForTheStore && steps == Steps.EVERY && (lagging || served.firstServed() <= seq);
        if (subscription.isLost()) {
            assertThat(served.firstServed()).as("lost at %s", seq).isGreaterThan(seq);
            assertThat(steps == Steps.EVERY || served.log().changesKnownAfter() > seq)
                    .as("lost at %s", seq)
                    .isTrue();
            over = true;
            tally.lost++;
        } else if (lines == null && subscription.isLive()) {
            requireCurrent();
        }
        signalled |= lines != null;
        return signalled;
    }

    private void requireCurrent() {
        moveTo(subscription.seq(), "");
        condensed = false;
        if (!served.abandonedInTheStore()) {
            assertThat(documents).isEqualTo(served.accepted().documents(seq, selection));
        }
    }

    /** The lines are all of its steps up to there, or those that are left of them where some may be left out. */
    private void moveTo(long after, String lines) {
        assertThat(after).isBetween(seq, Math.max(seq, limit()));
        List<String> expected = served.accepted().lines(seq, after, selection);
        if (!lines.equals(String.join("", expected))) {
            List<String> given = lines.lines().map(line -> line + "\n").toList();
            var left = new ArrayList<>(expected);
            left.retainAll(given);
            assertThat(given).isEqualTo(left);
            assertThat(steps == Steps.NEWEST || condensed).as("may condense").isTrue();
            expected.stream().filter(line -> !given.contains(line)).forEach(this::requireReplaced);
            tally.leftOut++;
        }
        lines.lines().forEach(this::show);
        seq = after;
    }

    private void requireReplaced(String line) {
        long left = seqOf(line);
        assertThat(served.log().newestOf(served.accepted().change(left).name()))
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
        long head = served.feed().head().seq();
        if (seq <= head) {
            end = Math.min(end, head);
            subscription.endAt(head);
        }
    }

    boolean isOver() {
        return over;
    }

    /** Whether it was told where it ends. */
    boolean isEnding() {
        return end != Long.MAX_VALUE;
    }

    /** What it is being served from is kept, up to twice the retention. */
    void requireServedLog(long trimmedByHand, Retention retention) {
        Batch newest = served.log().last();
        if (newest != null && lagging && seq >= trimmedByHand) {
            boolean isTooFarBehind =
                    newest.lastSeq() - (seq + 1 - FeedModel.MOST_IN_A_BATCH) >= 2 * retention.updates();
            assertThat(isTooFarBehind || served.firstServed() <= seq)
                    .as("the log of a follower at %s begins at %s", seq, served.firstServed())
                    .isTrue();
        }
    }

    /** @param name of this follower, if it is not where it is to end */
    void finish(String name) {
        if (!over) {
            moveTo(subscription.seq(), "");
            assertThat(seq)
                    .as("where " + name + " ended")
                    .isEqualTo(Math.min(end, served.accepted().size()));
        }
        close();
    }

    void close() {
        over = true;
        lagging = false;
        subscription.close();
    }

    private static long seqOf(String line) {
        return Long.parseLong(line.substring(0, line.indexOf(' ')));
    }
}
