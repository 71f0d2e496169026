package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.fuzz.Fuzzing;
import java.util.List;

/** Batches in any bytes, as a store might give them back: what is not whole is refused, and what is can be read. */
class BatchFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatIsNotABatchIsRefusedAndWhatIsCanBeRead(byte[] bytes) {
        try {
            Batch batch = Batch.of(bytes.clone());
            batch.requireWhole();
            read(batch);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
        try {
            Batch former = FormerBatch.converted(bytes, null);
            former.requireWhole();
            read(former);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("\n");
        }
    }

    private static void read(Batch batch) {
        EventLines all = batch.linesAfter(batch.firstSeq() - 1, Selection.ALL);
        assertThat(all.updates()).isEqualTo(batch.count());
        for (Selection selection : List.of(
                Selection.NONE,
                Selection.of(List.of(Selector.parse("orders"))),
                Selection.of(List.of(Selector.parse("orders/a*"), Selector.parse("orders/b"))))) {
            EventLines some = batch.linesAfter(batch.firstSeq(), selection);
            assertThat(some.updates()).isLessThan(batch.count());
            assertThat(some.bytes().size()).isLessThan(all.bytes().size());
        }
    }
}
