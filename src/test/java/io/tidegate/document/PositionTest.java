package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @ParameterizedTest
    @ValueSource(strings = {"k7f3:1042", "a:0", "0:1", "k7f3x2ab:999999999999999999"})
    void theWrittenFormIsReadBack(String text) {
        assertThat(Position.parse(text)).hasToString(text);
    }

    @Test
    void theWrittenFormIsEpochAndSequence() {
        Position position = Position.parse("k7f3:1042");

        assertThat(position.epoch()).isEqualTo("k7f3");
        assertThat(position.seq()).isEqualTo(1042);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "k7f3",
                "1042",
                "k7f3:",
                ":1042",
                "k7f3:-1",
                "k7f3:+1",
                "k7f3:1042 ",
                " k7f3:1042",
                "k7f3:10:42",
                "K7F3:1042",
                "k-7:1",
                "k7f3:1e3",
                "k7f3:0x1",
                "k7f3:\u0661",
                "k7f3:1\n",
                "k7f3:9999999999999999999",
                "a23456789012345678901234567890123:1"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(text))
                .withMessage("a position is epoch:seq with at most 18 digits, for example k7f3x2ab:1042");
    }

    @Test
    void aPositionIsNeverMadeOfNonsense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Position("k7f3", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Position("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Position("K", 1));
    }
}
