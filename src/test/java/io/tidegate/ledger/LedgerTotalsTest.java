package io.tidegate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums that are handed out. */
class LedgerTotalsTest {

    private static final Ending ENDING =
            new Ending(Ending.Outcome.COMPLETED, CloseReason.QUIT, 0, new Sent(10, 0, 1, 1));

    @Test
    void nobodyChangesTheReasons() {
        LedgerTotals totals = LedgerTotals.NONE.plus(ENDING);

        assertThatThrownBy(() -> totals.reasons().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> totals.plus(ENDING).reasons().put(CloseReason.IDLE, 1L))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> totals.plus(ENDING).since(totals).reasons().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatTheyWereMadeOfCanChange() {
        Map<CloseReason, Long> reasons = new EnumMap<>(Map.of(CloseReason.QUIT, 1L));
        var totals = new LedgerTotals(1, 0, 0, 0, 0, 0, reasons);

        reasons.clear();

        assertThat(totals.reasons()).containsExactly(Map.entry(CloseReason.QUIT, 1L));
    }
}
