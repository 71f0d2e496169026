package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets of requests, to the letter of RFC 9112, section 3.2. */
class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "/, ''",
        "/v1/documents, v1|documents",
        "//v1, |v1",
        "/v1/, v1|",
        "/a%20b%2Fc, a b/c",
        "/a-._~!$&()*+;=:@, a-._~!$&()*+;=:@",
        "http://localhost, ''",
        "HTTP://localhost:8080/v1, v1",
        "http://[::1]/v1, v1",
        "http://localhost?x, ''",
        "http://x?a=/v1/documents, ''",
        "http://x/?a=http://y/v1, ''",
        "/*, *"
    })
    void aPathIsWhatComesAfterTheHost(String raw, String segments) throws Exception {
        assertThat(String.join("|", Target.parse("GET", raw).segments())).isEqualTo(segments);
    }

    @ParameterizedTest
    @CsvSource({
        "http://LocalHost.:8080/, localhost, 8080",
        "http://127.0.0.1, 127.0.0.1, -1",
        "http://x?a=/v1/documents, x, -1",
        "http://[::1]:81?x, [::1], 81"
    })
    void theHostInATargetIsRead(String raw, String host, int port) throws Exception {
        assertThat(Target.parse("GET", raw).authority()).isEqualTo(new Authority(host, port));
    }

    @Test
    void parametersAreDecodedAndKeepTheirOrder() throws Exception {
        Target target = Target.parse("GET", "http://x?b=1&a=%C3%B6/?&a=&&c");

        assertThat(target.parameters())
                .containsExactly(
                        new Target.Parameter("b", "1"),
                        new Target.Parameter("a", "ö/?"),
                        new Target.Parameter("a", ""),
                        new Target.Parameter("c", ""));
        assertThat(Target.parse("GET", "/").authority()).isNull();
    }

    @Test
    void aParameterThatIsThereWithoutAValueOrIsTrueIsSet() throws Exception {
        assertThat(Target.parse("GET", "/?a&b").isSet("a")).isTrue();
        assertThat(Target.parse("GET", "/?b&a=").isSet("a")).isTrue();
        assertThat(Target.parse("GET", "/?a=true").isSet("a")).isTrue();
        assertThat(Target.parse("GET", "/?b").isSet("a")).isFalse();
        for (String query : new String[] {"a=false", "a=1", "a=TRUE", "a&a"}) {
            Target target = Target.parse("GET", "/?" + query);
            assertThatThrownBy(() -> target.isSet("a")).as(query).isInstanceOf(Problem.Refusal.class);
        }
    }

    @Test
    void onlyOptionsMayBeAboutTheServerAsAWhole() throws Exception {
        assertThat(Target.parse("OPTIONS", "*").isServer()).isTrue();
        assertThat(Target.parse("OPTIONS", "/*").isServer()).isFalse();
        for (String method : new String[] {"GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "options"}) {
            requireRefused(method, "*", 400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "?",
                "#",
                ":",
                "v1/documents",
                "?collection=c",
                "localhost:8080",
                "//?x#y",
                "/v1#part",
                "/v1/documents?collection=c#part",
                "http:",
                "http:/v1/documents",
                "http:v1/documents",
                "http://",
                "http:///v1/documents",
                "http://:8080/v1/documents",
                "http://?a=/v1/documents",
                "http://user@localhost/v1/documents",
                "http://user:pw@localhost/",
                "http://local host/",
                "http://localhost:port/",
                "http://localhost:99999/",
                "http://localhost#/v1",
                "http://[::1/v1",
                "ftp://localhost/v1/documents",
                "ws://localhost/v1/socket",
                "file:///v1/documents",
                "urn:v1:documents",
                "1http://localhost/",
                "/v1\\documents",
                "/v1/{collection}",
                "/v1/a|b",
                "/v1/\"",
                "/ä",
                "/v1?a=<b>",
                "/v1/%",
                "/v1/%4",
                "/v1/%zz",
                "/v1/%ff",
                "/v1?a=%C3",
                "*",
                "**",
                "*/"
            })
    void everythingElseIsMalformed(String raw) {
        requireRefused("GET", raw, 400);
    }

    @Test
    void whatSteersATerminalIsNotRepeated() throws Exception {
        Target target = Target.parse("GET", "/?%1B%5B2J%0A%E2%80%AE=1");

        assertThatThrownBy(() -> target.requireOnly("after"))
                .hasMessage("no such parameter: U+001B[2JU+000AU+202E; there are after");
    }

    @Test
    void whatIsToComeOverTlsIsMisdirected() {
        requireRefused("GET", "https://localhost/v1/documents", 421);
        requireRefused("GET", "HTTPS://localhost", 421);
    }

    private static void requireRefused(String method, String raw, int status) {
        assertThatThrownBy(() -> Target.parse(method, raw))
                .isInstanceOfSatisfying(Problem.Refusal.class, refusal -> assertThat(
                                refusal.problem().status().code())
                        .as(raw)
                        .isEqualTo(status));
    }
}
