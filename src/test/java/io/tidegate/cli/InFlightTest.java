package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is sent and not answered yet. */
class InFlightTest {

    @Test
    void whatIsAcceptedAfterARefusalDoesNotCountAsDurable() {
        var inFlight = new InFlight(4, 0);
        for (long line = 1; line <= 4; line++) {
            inFlight.sent(line);
        }

        inFlight.accepted(10);
        inFlight.refused("too long");
        inFlight.accepted(11);
        inFlight.refused("too long as well");

        assertThat(inFlight.durableLine()).isEqualTo(1);
        assertThat(inFlight.trouble()).isEqualTo(new InFlight.Trouble(2, "too long"));
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void aLossEndsTheWaitForRoomAndForAnswers() throws Exception {
        var inFlight = new InFlight(1, 7);
        inFlight.sent(8);

        inFlight.lost("reset");

        assertThat(inFlight.awaitRoom()).isFalse();
        inFlight.awaitAnswers();
        assertThat(inFlight.durableLine()).isEqualTo(7);
    }
}
