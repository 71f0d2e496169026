package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import org.junit.jupiter.api.Test;

/** Updates among lines that were cut. */
class UpdateScanTest {

    private static final String LINES =
            """
            {"event":"accepted","seq":7}
            {"event":"put","seq":8,"collection":"c","key":"k","value":{"event":"put","seq":99}}
            {"event":"heartbeat","seq":10}
            {"event":"delete","seq":123456789012,"collection":"c","key":"k"}
            {"event":"document","collection":"c","key":"k","value":1}
            """;

    private static UpdateScan scan(String lines) {
        return UpdateScan.of(ByteString.fromString(lines));
    }

    @Test
    void putsAndDeletesCountAndNothingElse() {
        assertThat(scan(LINES)).isEqualTo(new UpdateScan(2, 123_456_789_012L));
    }

    @Test
    void aLineThatIsCutDoesNotCount() {
        int secondUpdate = LINES.indexOf("{\"event\":\"delete\"");
        int end = LINES.indexOf('\n', secondUpdate);

        for (int length = secondUpdate; length <= end; length++) {
            assertThat(scan(LINES.substring(0, length))).isEqualTo(new UpdateScan(1, 8));
        }
        assertThat(scan(LINES.substring(0, end + 1)).updates()).isEqualTo(2);
    }

    @Test
    void nothingHoldsNoUpdates() {
        assertThat(scan("")).isEqualTo(new UpdateScan(0, 0));
    }
}
