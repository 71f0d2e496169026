package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLog.Compacted;
import io.tidegate.feed.FeedLogException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store is written anew while it is in use. */
@Timeout(120)
class CompactionTest extends StoreFixture {

    private static final String VALUE = "\"" + "x".repeat(2000) + "\"";

    private void fill(int count) throws FeedLogException {
        for (int i = 0; i < count; i++) {
            publisher.append(Change.put("orders", "o-" + i, VALUE));
        }
    }

    @Test
    void whatIsThereStays() throws Exception {
        fill(500);
        for (int i = 0; i < 400; i++) {
            publisher.append(Change.delete("orders", "o-" + i));
        }

        Compacted compacted = log.compact();

        assertThat(compacted.bytesAfter()).isPositive();
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(publisher.documents());
        reopen();
        assertThat(Contents.documents(log, Selection.ALL)).hasSize(100);
    }

    @Test
    void theStoreIsClosedMeanwhileAllTheSame() throws Exception {
        fill(2000);
        var begun = new CountDownLatch(1);
        var ended = new CompletableFuture<String>();
        var compaction = new Thread(() -> {
            try {
                while (true) {
                    begun.countDown();
                    log.compact();
                }
            } catch (FeedLogException e) {
                ended.complete(String.valueOf(e.getMessage()));
            }
        });
        compaction.start();
        begun.await();

        log.close();

        assertThat(ended.get(60, TimeUnit.SECONDS)).isNotEmpty();
        compaction.join();
        open();
        assertThat(Contents.documents(log, Selection.ALL)).hasSize(2000);
    }
}
