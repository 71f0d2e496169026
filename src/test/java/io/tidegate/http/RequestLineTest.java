package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
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
        // Akka HTTP does not take it for the 1.1 that it is.
        "GET / HTTP/1.2, 505",
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
        for (String rest : new String[] {"", "\n", "\r\n", "\r\nHost: a\r\n\r\n"}) {
            assertThat(RequestLine.problem(ByteString.fromString(line + rest))
                            .status()
                            .intValue())
                    .isEqualTo(status);
        }
    }
}
