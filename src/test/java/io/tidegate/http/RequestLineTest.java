package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a request line that cannot be read. */
class RequestLineTest {

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/2.0, 505",
        "GET / HTTP/3.1, 505",
        "GET / HTTP/0.9, 505",
        "PRI * HTTP/2.0, 505",
        "BREW / HTTP/9.9, 505",
        "BREW / HTTP/1.1, 501",
        "get / HTTP/1.1, 501",
        "PROPFIND /v1/documents HTTP/1.0, 501",
        "GET / HTTP/1.1, 400",
        "GET /, 400",
        "GET / HTTQ/1.1, 400",
        "GET / HTTP/11, 400",
        "GET / http/2.0, 400",
        "GET  / HTTP/2.0, 400",
        "GET / / HTTP/2.0, 400",
        "G(T / HTTP/1.1, 400",
        "' GET / HTTP/2.0', 400",
        "HTTP/2.0, 400",
        "'', 400"
    })
    void itsVersionIsLookedAtFirstThenItsMethod(String line, int status) {
        assertThat(HeadCheck.lineProblem(line).status().code()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, true",
        "GET / HTTP/1.0, true",
        "OPTIONS * HTTP/1.1, true",
        // A minor version that is not known here is as good as the one that is (RFC 9110, section 2.5).
        "GET / HTTP/1.2, true",
        "GET / HTTP/2.0, false",
        "GET  / HTTP/1.1, false",
        "GET /\t HTTP/1.1, false",
        "get / HTTP/1.1, false"
    })
    void aKnownMethodOfHttp1IsTaken(String line, boolean isTaken) {
        assertThat(HeadCheck.isLineTaken(line)).isEqualTo(isTaken);
    }
}
