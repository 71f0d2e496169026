package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that are read in the time of their length: in the square of it these would take an hour of a thread that serves all. */
@Timeout(60)
class LongHeadersTest {

    private static final int LONG = 2_000_000;

    @Test
    void aHostThatIsNone() {
        assertThat(Authority.parse("[" + ":".repeat(LONG))).isNull();
        assertThat(Authority.parse("[" + "1:".repeat(LONG) + "g]")).isNull();
        assertThat(Authority.parse("a".repeat(LONG) + "@")).isNull();
        assertThat(Authority.parse("a:".repeat(LONG))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\"", "\" ", ",", "W/", " , ", "\"\" "})
    void entityTagsThatAreNone(String part) {
        var request = HttpRequest.of("GET", "/").with("If-Match", "x" + part.repeat(LONG) + "x");
        assertThatThrownBy(() -> EntityTags.ifMatch(request)).isInstanceOf(Problem.Refusal.class);
    }

    @Test
    void aTargetThatIsNone() {
        for (String part : new String[] {"%41", "/", "&a=", ";", "."}) {
            assertThatThrownBy(() -> Target.parse("GET", "/a?b" + part.repeat(LONG / 10) + "%"))
                    .isInstanceOf(Problem.Refusal.class);
        }
    }

    @Test
    void rangesOfTypesThatAreNone() {
        for (String part : new String[] {",", ";", "a/", "a/b;", "a/b;q=1,", " ", "\""}) {
            assertThat(MediaRange.parse("x" + part.repeat(LONG / 10))).isNotNull();
            assertThat(MediaRange.list(List.of("x" + part.repeat(LONG / 10)))).isNotNull();
        }
    }
}
