package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random histories of clients that change what they follow, against the plainest model: a list of updates. A failure names its
 * seed; {@code -Dtidegate.seed=…} replays that one history. {@code -Plong} takes many more.
 */
class WatchModelTest {

    private static final int HISTORIES = Boolean.getBoolean("journey.long") ? 10_000 : 250;
    private static final int STEPS = 400;

    @Test
    void everyClientHasWhatItFollowsAtEachPositionThatItIsTold() {
        Long replayed = Long.getLong("tidegate.seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? HISTORIES : replayed;
        var tally = new WatchTally();
        for (long seed = first; seed <= last; seed++) {
            try {
                new WatchModel(seed, STEPS, tally).run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A model that never comes to what it is about proves nothing.
            assertThat(tally.watched).isGreaterThan(4 * HISTORIES);
            assertThat(tally.watchedWithDocuments).isGreaterThan(HISTORIES);
            assertThat(tally.unwatched).isGreaterThan(2 * HISTORIES);
            assertThat(tally.resyncs).isGreaterThan(HISTORIES / 4);
            assertThat(tally.resyncsThatAnswer).isGreaterThan(HISTORIES / 100);
            assertThat(tally.refused).isGreaterThan(HISTORIES);
            assertThat(tally.caughtUp).isGreaterThan(HISTORIES);
            assertThat(tally.resumed).isGreaterThan(HISTORIES);
            assertThat(tally.goodbyes).isGreaterThan(HISTORIES);
        }
    }
}
