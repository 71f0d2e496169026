package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.wire.Addressee;
import org.junit.jupiter.api.Test;

/** Who is believed to speak the protocol. */
class IntroductionTest {

    private final Introduction introduction = new Introduction();

    @Test
    void httpIsNeverBelieved() {
        assertThat(introduction.isStranger(Addressee.US)).isFalse();
        assertThat(introduction.isStranger(Addressee.HTTP)).isTrue();
    }

    @Test
    void whatIsForOthersIsAMistakeOnlyOfAKnownClient() {
        assertThat(introduction.isStranger(Addressee.OTHERS)).isTrue();
        assertThat(introduction.isStranger(Addressee.US)).isFalse();
        assertThat(introduction.isStranger(Addressee.OTHERS)).isFalse();
    }

    @Test
    void whoMistypesHasTenAttempts() {
        for (int attempt = 1; attempt < Introduction.MOST_ATTEMPTS; attempt++) {
            assertThat(introduction.isStranger(Addressee.UNCLEAR)).isFalse();
        }

        assertThat(introduction.isStranger(Addressee.UNCLEAR)).isTrue();
    }

    @Test
    void aKnownClientMayMistypeAsOftenAsItLikes() {
        assertThat(introduction.isStranger(Addressee.US)).isFalse();

        for (int attempt = 0; attempt < 2 * Introduction.MOST_ATTEMPTS; attempt++) {
            assertThat(introduction.isStranger(Addressee.UNCLEAR)).isFalse();
        }
    }
}
