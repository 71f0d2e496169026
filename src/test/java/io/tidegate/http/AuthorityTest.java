package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked, as a URI and the header {@code Host} name it. */
class AuthorityTest {

    @ParameterizedTest
    @CsvSource({"a, a, -1", "A.example., a.example, -1", "a:80, a, 80", "[::1]:80, [::1], 80", "'', '', -1"})
    void aHostHasOneName(String text, String host, int port) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a..", "a..b", "a:65536", "a@b", "[::1", "a\u001b"})
    void whatNamesNobodyForSureIsNone(String text) {
        assertThat(Authority.parse(text)).isNull();
    }
}
