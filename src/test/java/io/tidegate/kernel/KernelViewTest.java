package io.tidegate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What follows from the kernel's figures. */
class KernelViewTest {

    private static final int ESTABLISHED = 1;
    private static final int FIN_WAIT_1 = 4;
    private static final int FIN_WAIT_2 = 5;

    private static KernelView view(
            int state, int retransmits, long unconfirmed, long sinceSent, long sinceConfirmed, long notSent) {
        return new KernelView(state, retransmits, unconfirmed, sinceSent, 0, sinceConfirmed, 0, notSent);
    }

    @Test
    void everythingIsConfirmedWhenNothingIsOnItsWayOrWaits() {
        assertThat(view(ESTABLISHED, 0, 0, 5, 4, 0).isConfirmed()).isTrue();
        assertThat(view(ESTABLISHED, 0, 1, 5, 4, 0).isConfirmed()).isFalse();
        assertThat(view(ESTABLISHED, 0, 0, 5, 4, 1).isConfirmed()).isFalse();
    }

    @Test
    void onlyAPeerThatConfirmedOurFinAndSentNoneHasTheFin() {
        assertThat(view(FIN_WAIT_2, 0, 0, 5, 4, 0).isFinConfirmed()).isTrue();
        assertThat(view(FIN_WAIT_1, 0, 1, 5, 4, 0).isFinConfirmed()).isFalse();
        assertThat(view(ESTABLISHED, 0, 0, 5, 4, 0).isFinConfirmed()).isFalse();
    }

    @Test
    void whatWasSentAfterTheLastAnswerIsUnanswered() {
        assertThat(view(ESTABLISHED, 3, 2, 400, 3000, 0).isUnanswered()).isTrue();
    }

    @Test
    void aPeerThatAnsweredTheLastTryIsThereHoweverLongAgoThatWas() {
        assertThat(view(ESTABLISHED, 7, 2, 25_000, 24_990, 0).isUnanswered()).isFalse();
        assertThat(view(ESTABLISHED, 7, 2, 25_000, 25_000, 0).isUnanswered()).isFalse();
    }

    @Test
    void aPeerThatTakesNoMoreIsNotSentAnything() {
        assertThat(view(ESTABLISHED, 0, 0, 400, 3000, 100_000).isUnanswered()).isFalse();
    }

    @Test
    void aFinWithoutAnAnswerIsUnansweredWhenItWasSentAgain() {
        assertThat(view(FIN_WAIT_1, 1, 1, 9000, 8000, 0).isUnanswered()).isTrue();
        assertThat(view(FIN_WAIT_1, 0, 1, 9000, 8000, 0).isUnanswered()).isFalse();
    }
}
