package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/** Each follower's updates are told apart: in order, lost, late, repeated. */
class OrderCheckTest {

    private final OrderCheck order = new OrderCheck(new AtomicLongArray(new long[] {10, 10}));

    /** Takes updates of publisher 0, numbered by the server as they come. */
    private void takeAll(long... numbers) throws BenchFailure {
        long seq = 0;
        for (long number : numbers) {
            order.take(0, number, ++seq);
        }
    }

    private void assertFound(long lost, long duplicated, long outOfOrder) {
        assertThat(order.lost()).isEqualTo(lost);
        assertThat(order.duplicated()).isEqualTo(duplicated);
        assertThat(order.outOfOrder()).isEqualTo(outOfOrder);
    }

    @Test
    void updatesInOrderAreFine() throws BenchFailure {
        takeAll(0, 1, 2, 3);

        assertFound(0, 0, 0);
        assertThat(order.passed()).isEqualTo(4);
    }

    @Test
    void numbersOfOtherCollectionsMayBeBetween() throws BenchFailure {
        order.take(0, 0, 17);
        order.take(1, 0, 1042);
        order.take(0, 1, 1043);

        assertFound(0, 0, 0);
    }

    @Test
    void aGapIsALossAndIsPassed() throws BenchFailure {
        takeAll(0, 1, 5);

        assertFound(3, 0, 0);
        assertThat(order.passed()).isEqualTo(6);
    }

    @Test
    void whatComesLateIsOutOfOrderAndNotLost() throws BenchFailure {
        takeAll(0, 3, 1);

        assertFound(1, 0, 1);
    }

    @Test
    void whatComesAgainIsADuplicateEvenAfterALoss() throws BenchFailure {
        takeAll(0, 1, 3, 1, 3);

        assertFound(1, 2, 0);
    }

    @Test
    void theServersNumbersHaveToGrow() throws BenchFailure {
        order.take(0, 0, 2);
        order.take(1, 0, 1);

        assertFound(0, 0, 1);
    }

    @Test
    void whatIsStillDueAtTheEndIsLost() throws BenchFailure {
        takeAll(0, 1);

        order.end();

        assertFound(18, 0, 0);
    }

    @Test
    void aNumberThatWasNotPublishedIsRefused() {
        assertThatThrownBy(() -> takeAll(0, 10)).hasMessageContaining("number 10, which was never published");
        assertThatThrownBy(() -> takeAll(-1)).hasMessageContaining("never published");
    }
}
