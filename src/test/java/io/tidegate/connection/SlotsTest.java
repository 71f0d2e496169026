package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When clients are invited back. */
class SlotsTest {

    @Test
    void theFirstIsInvitedAtOnceAndTheOthersEvenly() {
        var slots = new Slots(4);

        assertThat(IntStream.range(0, 6).mapToLong(i -> slots.next().toMillis()))
                .containsExactly(0L, 250L, 500L, 750L, 1000L, 1250L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000, 1500, 1_000_000})
    void noSecondHasMoreThanWereAskedFor(int perSecond) {
        var slots = new Slots(perSecond);

        long inTheFirst = IntStream.range(0, perSecond + 5)
                .filter(i -> slots.next().compareTo(Duration.ofSeconds(1)) < 0)
                .count();

        assertThat(inTheFirst).isEqualTo(perSecond);
    }
}
