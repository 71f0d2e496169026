package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 8.8.3 and 13.1. */
class EntityTagsTest {

    private static final Position HERE = new Position("k7f3", 7);
    private static final Position ELSEWHERE = new Position("k7f3", 8);

    private static HttpRequest with(String... namesAndValues) {
        HttpRequest request = HttpRequest.of(Method.GET, "/");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request = request.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return request;
    }

    private static Precondition match(String value) throws Problem.Refusal {
        return EntityTags.precondition(with("If-Match", value));
    }

    private static Precondition noneMatch(String value) throws Problem.Refusal {
        return EntityTags.precondition(with("If-None-Match", value));
    }

    @Test
    void withoutHeadersNothingIsAsked() throws Exception {
        assertThat(EntityTags.precondition(with())).isEqualTo(Precondition.none());
        assertThat(EntityTags.of(HERE)).isEqualTo("\"k7f3:7\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " , ,"})
    void aHeaderWithoutATagNamesNoDocument(String value) throws Exception {
        assertThat(match(value).holds(HERE)).isFalse();
        assertThat(match(value).holds(null)).isFalse();
        assertThat(noneMatch(value).holds(HERE)).isTrue();
        assertThat(noneMatch(value).holds(null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k7f3:07", "k7f3:0007", "K7F3:7", "k7f3:7 ", " k7f3:7", "k7f3:+7", "k7f3:7.0"})
    void tagsAreComparedByOctets(String tag) throws Exception {
        assertThat(match("\"" + tag + "\"").holds(HERE)).isFalse();
        assertThat(noneMatch("\"" + tag + "\"").holds(HERE)).isTrue();
        assertThat(noneMatch("W/\"" + tag + "\"").holds(HERE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"k7f3:7\"",
                " \"k7f3:7\" ",
                "\"k7f3:9\",\"k7f3:7\"",
                "\"other\" , \"k7f3:7\"",
                ",, \"k7f3:7\",",
                "\"with, comma\",\"k7f3:7\""
            })
    void aListMatchesByEachOfItsTags(String list) throws Exception {
        assertThat(match(list).holds(HERE)).isTrue();
        assertThat(match(list).holds(ELSEWHERE)).isFalse();
        assertThat(match(list).holds(null)).isFalse();
        assertThat(noneMatch(list).holds(HERE)).isFalse();
        assertThat(noneMatch(list).holds(ELSEWHERE)).isTrue();
        assertThat(noneMatch(list).holds(null)).isTrue();
    }

    @Test
    void severalLinesAreOneList() throws Exception {
        Precondition both =
                EntityTags.precondition(with("If-Match", "\"k7f3:8\"", "if-match", "\"k7f3:7\", \"k7f3:9\""));

        assertThat(both.holds(HERE)).isTrue();
        assertThat(both.holds(ELSEWHERE)).isTrue();
        assertThat(both.holds(new Position("k7f3", 10))).isFalse();
    }

    @Test
    void aStarStandsForWhateverIsThere() throws Exception {
        assertThat(match("*").holds(HERE)).isTrue();
        assertThat(match("*").holds(null)).isFalse();
        assertThat(noneMatch("*").holds(HERE)).isFalse();
        assertThat(noneMatch("*").holds(null)).isTrue();
    }

    @Test
    void weakTagsAreComparedWeaklyOnly() throws Exception {
        assertThat(match("W/\"k7f3:7\"").holds(HERE)).isFalse();
        assertThat(noneMatch("W/\"k7f3:7\"").holds(HERE)).isFalse();
    }

    @Test
    void bothHeadersHaveToHold() throws Exception {
        Precondition both = EntityTags.precondition(with("If-Match", "*", "If-None-Match", "\"k7f3:7\""));

        assertThat(both.holds(ELSEWHERE)).isTrue();
        assertThat(both.holds(HERE)).isFalse();
        assertThat(both.holds(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k7f3:7", "\"k7f3:7", "\"a\" \"b\"", "*, \"a\"", "w/\"a\"", "\"a\"x"})
    void whatIsNoListIsRefused(String value) {
        assertThatThrownBy(() -> match(value)).isInstanceOf(Problem.Refusal.class);
        assertThatThrownBy(() -> noneMatch(value)).isInstanceOf(Problem.Refusal.class);
    }

    @Test
    void aListHasALimit() throws Exception {
        assertThat(match(tags(Precondition.MAX_POSITIONS)).holds(HERE)).isTrue();
        assertThatThrownBy(() -> match(tags(Precondition.MAX_POSITIONS + 1)))
                .isInstanceOf(Problem.Refusal.class)
                .hasMessageContaining("100");
    }

    private static String tags(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "\"k7f3:" + i + "\"")
                .collect(Collectors.joining(", "));
    }
}
