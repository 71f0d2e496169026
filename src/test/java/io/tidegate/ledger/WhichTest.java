package io.tidegate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections and what is to become of them, as operators write it. */
class WhichTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7, 0",
        "10.0.0.7:51234, 10.0.0.7, 51234",
        "::1, ::1, 0",
        "[::1], ::1, 0",
        "[::1]:51234, ::1, 51234",
        "[0:0:0:0:0:0:0:1]:51234, ::1, 51234",
        "fe80::1, fe80::1, 0"
    })
    void anAddressHasAPortOrNot(String text, String address, int port) throws Exception {
        assertThat(Which.Remote.parse(text)).isEqualTo(new Which.Remote(InetAddress.getByName(address), port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:51234",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.7:0",
                "10.0.0.7:70000",
                "10.0.0.7:x",
                "[::1]:0",
                "[localhost]:51234",
                "1:2",
                "face.cafe"
            })
    void whatIsNoAddressIsRefusedAndNeverLookedUp(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Which.Remote.parse(text));
    }

    @Test
    void aSelectionIsAnIdAListenerOrAnAddress() {
        assertThat(Which.parse("17")).isEqualTo(new Which.Id(17));
        assertThat(Which.parse("id=17,18,17")).isEqualTo(new Which.Ids(Set.of(17L, 18L)));
        assertThat(Which.parse("listener=tcp")).isEqualTo(new Which.Listener("tcp"));
        assertThat(Which.parse("remote=[::1]:51234")).isEqualTo(Which.Remote.parse("[::1]:51234"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "all",
                "tcp",
                "-1",
                "10.0.0.7",
                "remote=",
                "remote=localhost",
                "Listener=tcp",
                "id=",
                "id=17,",
                "id=,17",
                "id=17,x",
                "id=1234567890123456789",
                "17,18"
            })
    void whatSelectsNothingIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Which.parse(text));
    }

    @Test
    void thereAreAThousandNumbersAtMostAndMoreAreRefusedInOneLine() {
        assertThat(Which.parse("id=" + numbers(1000)))
                .isInstanceOfSatisfying(
                        Which.Ids.class, which -> assertThat(which.ids()).hasSize(1000));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Which.parse("id=" + numbers(1001)))
                .withMessage("id= takes 1000 numbers at most, not 1001: say the others after that");
        assertThatIllegalArgumentException().isThrownBy(() -> Which.parse("id=" + numbers(100_000)));
    }

    private static String numbers(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SHUTDOWN", "kill"})
    void whatIsNoWayToEndIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verb.of(text))
                .withMessage("how is shutdown, close or abort, not " + text);
    }

    @Test
    void anAddressWithoutAPortMeansEveryPort() {
        assertThat(Which.Remote.parse("127.0.0.1").port()).isZero();
    }
}
