package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.document.Selection;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunCacheTest {

    private final RunCache cache = new RunCache();

    private static Run run(long after, int bytes) {
        var lines = new EventLines(ByteString.fromArrayUnsafe(new byte[bytes]), 1, after + 1);
        return new Run(after, Selection.ALL, 1 << 20, after + 1, lines);
    }

    private long remembered(long count) {
        return LongStream.range(0, count)
                .filter(after -> cache.find(after, Selection.ALL, 1 << 20) != null)
                .count();
    }

    @Test
    void aRunIsFoundByPlaceSelectionAndSize() {
        Run run = run(7, 10);
        cache.put(run);

        assertThat(cache.find(7, Selection.ALL, 1 << 20)).isSameAs(run);
        assertThat(cache.find(8, Selection.ALL, 1 << 20)).isNull();
        assertThat(cache.find(7, Selection.NONE, 1 << 20)).isNull();
        assertThat(cache.find(7, Selection.ALL, 1 << 10)).isNull();
    }

    @Test
    void hundredsOfSmallRunsAreRemembered() {
        LongStream.range(0, 1000).forEach(after -> cache.put(run(after, 100)));

        assertThat(remembered(1000)).isEqualTo(1000);
    }

    @Test
    void largeOnesAreDroppedBeforeTheyAreTooMuch() {
        int most = 0;
        for (int after = 0; after < 100; after++) {
            cache.put(run(after, 1 << 20));
            most = Math.max(most, (int) remembered(100));
        }

        assertThat(most).isBetween(8, 16);
    }
}
