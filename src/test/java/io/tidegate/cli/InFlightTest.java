package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is sent and not answered yet. */
class InFlightTest {

    private static final byte[] PUT = {1, 2, 3};

    @Test
    void whatIsAcceptedAfterARefusalDoesNotCountAsDurable() throws Exception {
        var inFlight = new InFlight(4, 0);
        for (long line = 1; line <= 4; line++) {
            inFlight.sent(line, PUT);
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
        inFlight.sent(1, PUT);

        inFlight.refused("no");

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(1, "no"));
    }

    @Test
    void whatTheServerSaysGoesBeforeWhatTheFileHasLater() throws Exception {
        var inFlight = new InFlight(2, 0);
        inFlight.sent(1, PUT);
        inFlight.sentAllBefore(new InFlight.Trouble(2, "not JSON"));

        inFlight.refused("no");

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(1, "no"));
    }

    @Test
    void aThreadThatIsNoMoreEndsTheWait() {
        var inFlight = new InFlight(2, 0);
        inFlight.sent(1, PUT);

        inFlight.failed(new OutOfMemoryError("of a thread"));

        assertThatThrownBy(inFlight::awaitEnd)
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("of a thread");
    }

    @Test
    void aLossThatWillNotPassEndsTheWaitForAnswers() throws Exception {
        var inFlight = new InFlight(1, 7);
        inFlight.sent(8, PUT);

        inFlight.lost("reset", false);

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(0, "reset", false));
        assertThat(inFlight.durable()).isEqualTo(7);
        inFlight.end();
        assertThat(inFlight.awaitRoom()).isFalse();
    }

    @Test
    void whatIsUnansweredIsThereForTheNextConnection() throws Exception {
        var inFlight = new InFlight(4, 0);
        byte[] second = {4, 5};
        inFlight.sent(1, PUT);
        inFlight.sent(2, second);
        inFlight.accepted(10);

        inFlight.lost("reset", true);

        assertThat(inFlight.awaitEnd()).isEqualTo(new InFlight.Trouble(0, "reset", true));
        assertThat(inFlight.again()).containsExactly(second);
        assertThat(inFlight.awaitRoom()).isTrue();
        inFlight.sentAll();
        inFlight.accepted(11);
        assertThat(inFlight.awaitEnd()).isNull();
    }

    @Test
    void whatIsKeptToBeSentOnceMoreHasALimit() {
        var inFlight = new InFlight(1000, 0);
        for (int megabytes = 0; megabytes < 7; megabytes++) {
            inFlight.sent(megabytes, new byte[1 << 20]);
        }
        assertThat(inFlight.isFull()).isFalse();

        inFlight.sent(8, new byte[1 << 20]);
        assertThat(inFlight.isFull()).isTrue();

        inFlight.accepted(1);
        assertThat(inFlight.isFull()).isFalse();
    }

    @Test
    void aConnectionThatEndsWhenAllWasAnsweredIsNoTrouble() throws Exception {
        var inFlight = new InFlight(4, 0);
        inFlight.sent(1, PUT);
        inFlight.sentAll();
        inFlight.accepted(10);

        inFlight.lost("reset", true);

        assertThat(inFlight.awaitEnd()).isNull();
    }
}
