package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is sent and not answered yet. */
class InFlightTest {

    @Test
    void whatIsAcceptedAfterARefusalDoesNotCountAsDurable() throws Exception {
        var inFlight = new InFlight(4, 0);
        for (long line = 1; line <= 4; line++) {
            inFlight.sent(line);
        }

        inFlight.accepted(10);
        inFlight.refused("too long");
        inFlight.accepted(11);
        inFlight.refused("too long as well");

        assertThat(inFlight.durable()).isEqualTo(1);
        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(2, "too long"));
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void aRefusalEndsTheWaitThoughTheFileMayHaveMore() throws Exception {
        var inFlight = new InFlight(2, 0);
        inFlight.sent(1);

        inFlight.refused("no");

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(1, "no"));
    }

    @Test
    void whatTheServerSaysGoesBeforeWhatTheFileHasLater() throws Exception {
        var inFlight = new InFlight(2, 0);
        inFlight.sent(1);
        inFlight.sentAllBefore(new InFlight.Trouble(2, "not JSON"));

        inFlight.refused("no");

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(1, "no"));
    }

    @Test
    void aLossEndsTheWaitForRoomAndForAnswers() throws Exception {
        var inFlight = new InFlight(1, 7);
        inFlight.sent(8);

        inFlight.lost("reset");

        assertThat(inFlight.awaitRoom()).isFalse();
        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(0, "reset"));
        assertThat(inFlight.durable()).isEqualTo(7);
    }
}
