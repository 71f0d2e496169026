package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.feed.FeedModel.Replay;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one feed, its cursors and its snapshots against the plainest model: a list of updates. A failure names
 * its seed; {@code -Dtidegate.seed=…} replays that one history.
 *
 * <p>It was shown to notice, each planted by itself: a run that begins one too late, a wake-up skipped after an append, a
 * lost signal of a log read, trimming that heeds no cursor, a cursor that lags for ever, a cursor's end ignored by the cursor
 * or within a run, a log read that goes beyond the hub's head, a resume and a servable position that are off by one, a
 * publication settled before its append or twice, a drain that is over too early, a change taken after the drain began, an
 * old snapshot joined, an abandoned commit that is shown or is in a snapshot, an abandonment that forgets the group under way,
 * room that is never signalled, a precondition that does not see the changes before it in its own group, a deleted document
 * that is still there for a precondition, a refused change that takes a number, a current position that is not told, an
 * unreadable document that fails its whole group, a place of a match that is off by one, a cursor that moves on beyond where it
 * is held, a read for what was selected before, steps that are left out without a word, and a read of what changed that goes beyond
 * its limit or claims to have come to it.
 */
class FeedModelTest {

    private static final int HISTORIES = 400;

    @Test
    void everyCursorIsHandedEveryUpdateOnceAndInOrder() {
        Long replayed = Long.getLong("tidegate.seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? HISTORIES : replayed;
        int resumed = 0;
        int lost = 0;
        int snapshots = 0;
        int selected = 0;
        int leftOut = 0;
        int conditionsMet = 0;
        int conditionsFailed = 0;
        int unchecked = 0;
        for (long seed = first; seed <= last; seed++) {
            try {
                Replay replay = new FeedModel(seed).run();
                resumed += replay.resumed();
                lost += replay.lost();
                snapshots += replay.snapshots();
                selected += replay.selected();
                leftOut += replay.leftOut();
                conditionsMet += replay.conditionsMet();
                conditionsFailed += replay.conditionsFailed();
                unchecked += replay.unchecked();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A model that never comes to what it is about proves nothing.
            assertThat(resumed).isGreaterThan(HISTORIES);
            assertThat(lost).isGreaterThan(HISTORIES / 4);
            assertThat(snapshots).isGreaterThan(HISTORIES);
            assertThat(selected).isGreaterThan(HISTORIES);
            assertThat(leftOut).isGreaterThan(HISTORIES);
            assertThat(conditionsMet).isGreaterThan(HISTORIES);
            assertThat(conditionsFailed).isGreaterThan(HISTORIES);
            assertThat(unchecked).isGreaterThan(HISTORIES / 4);
        }
    }
}
