package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.kernel.KernelView;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a peer is held to be gone, and when to have everything. */
class PeerWatchTest {

    private static final int ESTABLISHED = 1;
    private static final int FIN_WAIT_2 = 5;
    private static final long SECOND = 1_000_000_000;

    private final PeerWatch peer = new PeerWatch(Duration.ofSeconds(10), Duration.ofSeconds(1));
    private long now = -3 * SECOND;
    private long sent = now;
    private long confirmed = now;
    private long owed;

    private void passes(long seconds) {
        now += seconds * SECOND;
    }

    private void send() {
        sent = now;
        owed = 1;
    }

    /** Confirms, or says again what it confirmed before. */
    private void answers(boolean takes) {
        confirmed = now + 1_000_000;
        owed = takes ? 0 : owed;
        now += 2_000_000;
    }

    private boolean isGone() {
        var view =
                new KernelView(ESTABLISHED, 0, owed, (now - sent) / 1_000_000, 0, (now - confirmed) / 1_000_000, 0, 0);
        return peer.isGone(view, 100, now);
    }

    private static KernelView resting(int state, long sinceReceived, long sinceConfirmed, long received, long owed) {
        return new KernelView(state, 0, owed, 5000, sinceReceived, sinceConfirmed, received, 0);
    }

    // ---- gone

    @Test
    void aPeerThatConfirmsNothingIsGoneAfterTheTimeout() {
        passes(100);
        send();
        assertThat(isGone())
                .as("its last answer is old, but it has not been asked for long")
                .isFalse();
        for (int second = 1; second < 10; second++) {
            passes(1);
            assertThat(isGone()).isFalse();
        }
        passes(1);

        assertThat(isGone()).isTrue();
    }

    @Test
    void whatIsSentAgainAndAgainDoesNotProlongIt() {
        passes(1);
        send();
        assertThat(isGone()).isFalse();
        for (int second = 1; second <= 10; second++) {
            passes(1);
            send();
        }
        passes(1);

        assertThat(isGone()).isTrue();
    }

    @Test
    void anAnswerBetweenTwoLooksBeginsItAnew() {
        send();
        assertThat(isGone()).isFalse();
        passes(8);
        answers(true);
        passes(1);
        send();
        assertThat(isGone()).isFalse();
        passes(2);
        assertThat(isGone()).isFalse();
        passes(8);

        assertThat(isGone()).isTrue();
    }

    @Test
    void aPeerThatTakesNothingButAnswersIsThere() {
        for (int i = 0; i < 20; i++) {
            send();
            answers(false);
            assertThat(isGone()).isFalse();
            passes(30);
            assertThat(isGone()).isFalse();
        }
    }

    @Test
    void whoHasConfirmedEverythingIsNotLookedAtUntilMoreIsWritten() {
        assertThat(peer.isDue(100)).isTrue();
        assertThat(isGone()).isFalse();

        assertThat(peer.isDue(100)).isFalse();
        assertThat(peer.isDue(101)).isTrue();
    }

    // ---- delivered

    @Test
    void aPeerThatConfirmedTheFinAWhileAgoHasEverything() {
        assertThat(peer.isDelivered(resting(FIN_WAIT_2, 5000, 1000, 40, 0), 40)).isTrue();
        assertThat(peer.isDelivered(resting(FIN_WAIT_2, 5000, 999, 40, 0), 40)).isFalse();
        assertThat(peer.isDelivered(resting(ESTABLISHED, 5000, 1000, 40, 0), 40))
                .isFalse();
    }

    @Test
    void aPeerThatStillSendsIsListenedTo() {
        assertThat(peer.isDelivered(resting(FIN_WAIT_2, 999, 5000, 40, 0), 40)).isFalse();
    }

    @Test
    void withInputUnreadAnEndWouldBeAReset() {
        assertThat(peer.isDelivered(resting(FIN_WAIT_2, 5000, 5000, 41, 0), 40)).isFalse();
    }

    @Test
    void beforeTheFinAPeerHasWhatItConfirmed() {
        assertThat(peer.isSettled(resting(ESTABLISHED, 5000, 1000, 40, 0), 40)).isTrue();
        assertThat(peer.isSettled(resting(ESTABLISHED, 5000, 1000, 40, 1), 40)).isFalse();
    }
}
