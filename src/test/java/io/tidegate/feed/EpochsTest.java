package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Position;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which epoch a number is in, and which positions a log knows. */
class EpochsTest {

    /** Two epochs without an update among them, the second and the last. */
    private static final Epochs FIVE = Epochs.parse("a:0 b:10 c:10 d:20 e:30");

    @ParameterizedTest
    @CsvSource({"0, a", "1, a", "10, a", "11, c", "20, c", "21, d", "30, d", "31, e", "99, e"})
    void aNumberIsInTheEpochThatGaveIt(long seq, String epoch) {
        assertThat(FIVE.of(seq)).isEqualTo(new Position(epoch, seq));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:0", "a:10", "b:0", "b:10", "c:5", "c:20", "d:30", "e:0", "e:30", "e:35"})
    void aPositionThatTheLogHasSeenIsInItsHistory(String position) {
        assertThat(FIVE.include(Position.parse(position), 35)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:11", "b:11", "c:21", "d:31", "e:36", "f:0", "f:35"})
    void aPositionBeyondWhatTheLogHasSeenOfItsEpochIsNot(String position) {
        assertThat(FIVE.include(Position.parse(position), 35)).isFalse();
    }

    @Test
    void eachEpochHasANameOfItsOwn() {
        Epochs epochs = Epochs.NONE;
        Set<String> names = new HashSet<>();

        for (int i = 0; i < 50; i++) {
            epochs = epochs.begin(i);
            names.add(epochs.newest());
            assertThat(epochs.newest()).matches("[a-z][a-z0-9]{7}");
        }

        assertThat(names).hasSize(50);
        assertThat(Epochs.parse(epochs.toString()).toString()).isEqualTo(epochs.toString());
    }

    @Test
    void numbersThatWereLostAreGivenAgainUnderAnotherName() {
        Epochs epochs = Epochs.parse("a:0 b:10 c:20").begin(15);

        assertThat(epochs.toString()).isEqualTo("a:0 b:10 c:15 " + epochs.newest() + ":15");
        assertThat(epochs.include(new Position("b", 15), 25)).isTrue();
        assertThat(epochs.include(new Position("b", 16), 25)).isFalse();
        assertThat(epochs.include(new Position("c", 21), 25)).isFalse();
        assertThat(epochs.of(16)).isEqualTo(new Position(epochs.newest(), 16));
    }

    @Test
    void onlyWhatIsBeyondTheEndOfTheNewestMayStillCome() {
        assertThat(FIVE.mayCome(new Position("e", 36), 35)).isTrue();
        assertThat(FIVE.mayCome(new Position("e", 35), 35)).isFalse();
        assertThat(FIVE.mayCome(new Position("d", 36), 35)).isFalse();
        assertThat(FIVE.mayCome(new Position("f", 36), 35)).isFalse();
    }

    @Test
    void anEndThatIsLostMayReachBehindSeveralEpochs() {
        Epochs epochs = Epochs.parse("a:0 b:10 c:20").begin(5);

        assertThat(epochs.include(new Position("a", 5), 9)).isTrue();
        assertThat(epochs.include(new Position("a", 6), 9)).isFalse();
        assertThat(epochs.include(new Position("c", 6), 9)).isFalse();
        assertThat(epochs.of(6)).isEqualTo(new Position(epochs.newest(), 6));
    }

    @Test
    void ofTooManyEpochsTheOlderHalfBecomesOne() {
        Epochs full = Epochs.NONE;
        for (int i = 0; i < Epochs.MAX_EPOCHS; i++) {
            full = full.begin(10L * i);
        }

        Epochs more = full.begin(10L * Epochs.MAX_EPOCHS);

        long end = 10L * Epochs.MAX_EPOCHS;
        long lastMerged = 10L * (Epochs.MAX_EPOCHS / 2 + 1);
        assertThat(more.toString().split(" ")).hasSize(Epochs.MAX_EPOCHS / 2 + 1);
        assertThat(full.include(full.of(lastMerged), end)).isTrue();
        assertThat(more.include(full.of(lastMerged), end)).isFalse();
        assertThat(more.of(1).epoch()).isEqualTo(more.of(lastMerged).epoch());
        assertThat(more.of(lastMerged + 1)).isEqualTo(full.of(lastMerged + 1));
        assertThat(more.include(full.of(end), end)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "a:1", "a:0  b:1", "a:0 b:5 c:4", "a:0\nb:5", "A:0"})
    void whatIsNoListOfEpochsIsRefused(String text) {
        assertThatThrownBy(() -> Epochs.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
