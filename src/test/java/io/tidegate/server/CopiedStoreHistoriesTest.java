package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of stores that are backed up, restored, copied while they run, killed and restarted, with copies that go on beside
 * each other, or are nodes of one shared feed. No client, wherever it was before, holds a document after it has caught up that the server does not have, and lacks none. A
 * tag of a document never stands for two values, and a change that was answered under its id is there where it is answered.
 *
 * <p>{@code -Dtidegate.seed=…} replays the one that a failure names; {@code -Dtidegate.histories=200} takes its time.
 */
@Timeout(1200)
class CopiedStoreHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("tidegate.histories", 4);

    @TempDir
    Path directory;

    @Test
    void whoHasCaughtUpHoldsWhatTheServerHas() {
        Long replayed = Long.getLong("tidegate.seed");
        int resumed = 0;
        int refused = 0;
        int restored = 0;
        for (long seed = replayed == null ? 1 : replayed; seed <= (replayed == null ? HISTORIES : replayed); seed++) {
            try {
                var history = new StoreHistory(seed, directory);
                history.run();
                resumed += history.resumed();
                refused += history.refused();
                restored += history.restored();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // Histories that never come to what they are about prove nothing.
            assertThat(resumed).isGreaterThan(5 * HISTORIES);
            assertThat(refused).isGreaterThan(2 * HISTORIES);
            assertThat(restored).isGreaterThan(HISTORIES);
        }
    }
}
