package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The followers of a {@link FeedModel}: each checks what it is handed against what was accepted. */
final class ModelFollowers {

    /** A client that is sent the documents and then follows. */
    private final class Snapshotting {

        private final Selection selection;
        private final SnapshotReader reader;
        private final long headBefore = served.feed().head().seq();
        private final StringBuilder documents = new StringBuilder();

        Snapshotting(Selection selection) {
            this.selection = selection;
            reader = served.feed().readSnapshot(selection, 1 + random.nextInt(60), ServedFeed.wakeup(() -> {}));
        }

        /** True when it has gone over to following. */
        boolean poll() throws FeedLogException {
            EventLines lines = reader.poll();
            documents.append(lines == null ? "" : lines.bytes().utf8String());
            if (!reader.isAtEnd()) {
                return false;
            }
            assertThat(reader.seq())
                    .isBetween(headBefore, (long) served.accepted().size());
            assertThat(documents.toString()).isEqualTo(served.accepted().documentsAt(reader.seq(), selection));
            reader.close();
            tally.snapshots++;
            followers.add(follower(reader.seq(), selection, choice.steps()));
            return true;
        }
    }

    private final Random random;
    private final AnyChoice choice;
    private final StepExecutor reads;
    private final ServedFeed served;
    private final Retention retention;
    private final List<ModelFollower> followers = new ArrayList<>();
    private final List<Snapshotting> snapshotting = new ArrayList<>();
    private final FollowTally tally = new FollowTally();
    private long trimmedByHand;

    ModelFollowers(Random random, StepExecutor reads, ServedFeed served, Retention retention) {
        this.random = random;
        choice = new AnyChoice(random);
        this.reads = reads;
        this.served = served;
        this.retention = retention;
    }

    int resumed() {
        return tally.resumed;
    }

    int lost() {
        return tally.lost;
    }

    int snapshots() {
        return tally.snapshots;
    }

    int selected() {
        return tally.selected;
    }

    /** How often some were sent less than every step. */
    int leftOut() {
        return tally.leftOut;
    }

    private ModelFollower follower(long after, Selection selection, Steps steps) {
        return new ModelFollower(served, tally, after, selection, steps);
    }

    void subscribe() {
        var position = new Position(
                MemoryFeedLog.EPOCH, random.nextInt(served.accepted().size() + 2));
        Selection selection = choice.selection();
        Steps steps = choice.steps();
        Subscription probe = served.feed().subscribe(position, selection, steps, ServedFeed.wakeup(() -> {}));
        boolean servable = served.isServable(position.seq(), steps);
        assertThat(probe != null).as("servable " + position).isEqualTo(servable);
        if (probe != null) {
            // A follower that never asks for anything lags.
            probe.close();
            followers.add(follower(position.seq(), selection, steps));
        }
    }

    void readSnapshot() {
        snapshotting.add(new Snapshotting(choice.selection()));
    }

    /** As somebody may do by hand, whoever is being served. */
    void trim() {
        served.log().trimTo(random.nextInt(1 + served.accepted().size()));
        trimmedByHand = served.firstServed();
    }

    private @Nullable ModelFollower anyFollower() {
        return followers.isEmpty() ? null : followers.get(random.nextInt(followers.size()));
    }

    void pollAny() throws FeedLogException {
        if (!snapshotting.isEmpty() && random.nextInt(3) == 0) {
            int which = random.nextInt(snapshotting.size());
            if (snapshotting.get(which).poll()) {
                snapshotting.remove(which);
            }
            return;
        }
        ModelFollower follower = anyFollower();
        if (follower != null) {
            boolean unused = follower.poll(1 + random.nextInt(200));
        }
    }

    void resumeAny() {
        ModelFollower follower = anyFollower();
        if (follower != null && !follower.isOver() && !follower.isEnding()) {
            follower.resume();
        }
    }

    void selectAny() {
        ModelFollower follower = anyFollower();
        if (follower != null && !follower.isOver()) {
            follower.select(choice.selection());
        }
    }

    void holdAny() {
        ModelFollower follower = anyFollower();
        if (follower != null && !follower.isOver()) {
            follower.holdOrGoOn();
        }
    }

    void endOrCloseAny() {
        ModelFollower follower = anyFollower();
        if (follower == null || follower.isOver()) {
            return;
        }
        if (random.nextBoolean()) {
            follower.close();
        } else {
            follower.end();
        }
    }

    /** While a snapshot is to be opened they stand still: that would wait for the end of the very commit that is under way. */
    void readTheLogDuringAnAppend() {
        if (snapshotting.isEmpty()) {
            reads.runNext();
        }
    }

    void endAll() {
        followers.forEach(ModelFollower::end);
    }

    /** What a follower is being served from is kept, up to twice the retention. */
    void requireServedFollowersKeepTheirLog() {
        followers.forEach(follower -> follower.requireServedLog(trimmedByHand, retention));
    }

    /** Everybody gets all that is owed. */
    void finish(boolean abandoned) throws FeedLogException {
        followers.forEach(ModelFollower::goOn);
        while (isAnythingLeft(abandoned)) {
            reads.runAll();
        }
        for (ModelFollower follower : followers) {
            follower.finish("follower " + followers.indexOf(follower));
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
        for (ModelFollower follower : List.copyOf(followers)) {
            again |= follower.poll(1 + random.nextInt(1000));
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
