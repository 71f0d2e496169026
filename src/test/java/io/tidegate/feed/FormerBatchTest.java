package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.connection.LineEvents;
import io.tidegate.document.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Batches as former versions stored them become those that this version would have stored. */
class FormerBatchTest {

    private static final int FORMER_FOOTER_BYTES = 36;
    private static final List<String> NAMES =
            List.of("orders", "\"q\\", ",\"key\":\"", "\u65e5\u672c", "key", "\ud83d\ude00");

    private final Batch.Builder builder = new Batch.Builder(new LineEvents());

    /** Without what former versions did not have. */
    private static byte[] former(Batch batch) {
        byte[] stored = batch.stored();
        int footer = stored.length - FORMER_FOOTER_BYTES;
        int withoutNews = stored.length - Batch.FOOTER_BYTES - batch.count() * Batch.KEY_ENTRY_BYTES;
        return ByteBuffer.allocate(withoutNews + FORMER_FOOTER_BYTES)
                .put(stored, 0, withoutNews)
                .put(stored, footer, FORMER_FOOTER_BYTES)
                .array();
    }

    private static List<Change> anyChanges(Random random) {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            String collection = NAMES.get(random.nextInt(NAMES.size()));
            String key = NAMES.get(random.nextInt(NAMES.size()));
            changes.add(
                    random.nextBoolean()
                            ? Change.delete(collection, key)
                            : Change.put(collection, key, "{\"a\":1,\"key\":\"b\"}"));
        }
        return changes;
    }

    @Test
    void theBatchIsTheSameButForWhatIsNew() {
        long seed = Long.getLong("tidegate.seed", 20261129);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Change> changes = anyChanges(random);
            long first = 1 + (random.nextLong() >>> 30);
            Batch batch = builder.build(changes, first, first - 1 + changes.size(), 77_000, 1_700_000_000_123L);

            Batch converted = FormerBatch.converted(former(batch), null);

            assertThat(converted.stored())
                    .as("seed " + seed + ", round " + round)
                    .isEqualTo(batch.stored());
        }
    }

    @Test
    void aBatchFollowsTheOneThatWasConvertedBeforeIt() {
        Batch first = builder.build(List.of(Change.put("c", "k", "1")), 1, 1, 500, 7);
        Batch second = builder.build(List.of(Change.delete("c", "k")), 2, 2, 600, 7);

        Batch converted = FormerBatch.converted(former(second), first);

        assertThat(converted.bytesBefore()).isEqualTo(first.bytesAfter());
        assertThat(converted.firstSeq()).isEqualTo(2);
    }

    @Test
    void bytesThatAreNoBatchAreRefused() {
        byte[] former = former(builder.build(List.of(Change.put("c", "k", "1")), 1, 1, 0, 7));
        for (int cut = 1; cut <= former.length; cut++) {
            byte[] rest = Arrays.copyOfRange(former, cut, former.length);
            assertThatIllegalArgumentException().isThrownBy(() -> FormerBatch.converted(rest, null));
        }
        for (int field = 0; field < 3; field++) {
            for (int number : new int[] {-1, 100_000, Integer.MAX_VALUE}) {
                byte[] wrong = former.clone();
                ByteBuffer.wrap(wrong).putInt(wrong.length - FORMER_FOOTER_BYTES + 4 * field, number);

                assertThatIllegalArgumentException()
                        .as("field " + field + " is " + number)
                        .isThrownBy(() -> FormerBatch.converted(wrong, null));
            }
        }
    }
}
