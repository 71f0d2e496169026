package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommitInBatchesTest {

    private static final long OFFSET = 3000;
    private static final long NOW = 1_700_000_000_123L;

    private static List<Change> puts(int count, int valueBytes) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(Change.put("c", "k" + i, "\"" + "x".repeat(valueBytes - 2) + "\""));
        }
        return changes;
    }

    private static List<Batch> build(List<Change> changes, int maxUpdates, int maxBytes) {
        return new Batch.Builder(new TextEncoder(), maxUpdates, maxBytes).buildAll(changes, 1000, OFFSET, 5000, NOW);
    }

    private static List<Integer> counts(List<Batch> batches) {
        return batches.stream().map(Batch::count).toList();
    }

    @Test
    void aSmallCommitIsOneBatch() {
        assertThat(counts(build(puts(100, 10), 100, 1 << 16))).containsExactly(100);
    }

    @Test
    void aBatchTakesNoMoreUpdatesThanItsLimit() {
        assertThat(counts(build(puts(250, 10), 100, 1 << 16))).containsExactly(100, 100, 50);
    }

    @Test
    void aBatchEndsWithTheUpdateThatReachesItsLimitOfBytes() {
        List<Change> changes = puts(5, 1000);
        int weight = changes.get(0).weight();

        assertThat(counts(build(changes, 100, 2 * weight))).containsExactly(2, 2, 1);
        assertThat(counts(build(changes, 100, 2 * weight + 1))).containsExactly(3, 2);
    }

    @Test
    void aChangeLargerThanTheLimitIsABatchOfItsOwn() {
        List<Change> changes = new ArrayList<>(puts(2, 5000));
        changes.addAll(puts(2, 10));

        assertThat(counts(build(changes, 100, 1024))).containsExactly(1, 1, 2);
    }

    @Test
    void batchesFollowOneAnotherWhateverTheLimits() {
        var random = new Random(1);
        for (int round = 0; round < 200; round++) {
            List<Change> changes = new ArrayList<>();
            for (int i = random.nextInt(1, 50); i > 0; i--) {
                changes.addAll(puts(1, random.nextInt(2, 300)));
            }

            List<Batch> batches = build(changes, random.nextInt(1, 20), random.nextInt(1, 2000));

            long seq = 1000;
            long bytes = 5000;
            for (Batch batch : batches) {
                assertThat(batch.firstSeq()).isEqualTo(seq);
                assertThat(batch.bytesBefore()).isEqualTo(bytes);
                assertThat(batch.committedAtMillis()).isEqualTo(NOW);
                assertThat(batch.offset()).isEqualTo(OFFSET);
                seq += batch.count();
                bytes += batch.stored().length;
            }
            assertThat(seq).isEqualTo(1000 + changes.size());
        }
    }
}
