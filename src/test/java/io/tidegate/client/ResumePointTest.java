package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Where a follower goes on. */
class ResumePointTest {

    private final ResumePoint point = new ResumePoint(null);

    private void take(String line) throws Exception {
        var lines = new LineReader(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)));
        assertThat(lines.next()).isTrue();
        point.take(EventLine.of(lines));
    }

    @Test
    void everyEventThatTellsAPositionMovesIt() throws Exception {
        take("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":3}");
        assertThat(point.position()).isEqualTo(new Position("k7", 3));
        take("{\"event\":\"put\",\"seq\":5,\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
        assertThat(point.position()).isEqualTo(new Position("k7", 5));
        take("{\"event\":\"caughtup\",\"epoch\":\"k7\",\"seq\":7}");
        assertThat(point.position()).isEqualTo(new Position("k7", 7));
        take("{\"event\":\"unwatched\",\"epoch\":\"k7\",\"seq\":8}");
        assertThat(point.position()).isEqualTo(new Position("k7", 8));
    }

    @Test
    void documentsOfWhatIsAddedAreASnapshotOfTheirOwn() throws Exception {
        take("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":3}");
        take("{\"event\":\"snapshot\",\"documents\":1}");
        take("{\"event\":\"document\",\"collection\":\"c\",\"key\":\"k\",\"value\":1}");
        assertThat(point.isInSnapshot()).isTrue();

        take("{\"event\":\"watching\",\"epoch\":\"k7\",\"seq\":9,\"documents\":1}");

        assertThat(point.isInSnapshot()).isFalse();
        assertThat(point.position()).isEqualTo(new Position("k7", 9));
    }

    @Test
    void whatSaysNothingOfThePlaceLeavesIt() throws Exception {
        take("{\"event\":\"subscribed\",\"epoch\":\"k7\",\"seq\":3}");
        take("{\"event\":\"condensed\",\"reason\":\"\"}");
        take("{\"event\":\"accepted\",\"seq\":9}");

        assertThat(point.position()).isEqualTo(new Position("k7", 3));
    }
}
