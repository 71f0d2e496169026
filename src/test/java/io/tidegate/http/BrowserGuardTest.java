package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By which host a listener may be asked, and which pages may do what. */
class BrowserGuardTest {

    private static final Reply BEHIND = Reply.of(HttpResponse.of(HttpResponseStatus.ACCEPTED));

    private final BrowserGuard guard = BrowserGuard.of(
            "tidegate.http",
            List.of("Feed.example", "host.example"),
            List.of("https://desk.example", "https://Other.example:8443"));

    private HttpResponse answer(HttpRequest request, String target, String... namesAndValues) throws Exception {
        HttpRequest full = request;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            full = full.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        HttpResponse response;
        try {
            Target parsed = Target.parse(request.method(), target);
            response = guard.stop(full, parsed).orElse(BEHIND).head();
        } catch (Problem.Refusal refusal) {
            response = refusal.problem().response();
        }
        return response.with(guard.leave(full));
    }

    private int status(HttpRequest request, String... namesAndValues) throws Exception {
        return answer(request, "/", namesAndValues).status().code();
    }

    // ---- hosts

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, 202",
        "10.9.8.7, 202",
        "127.0.0.1., 202",
        "[::1]:8080, 202",
        "[::FFFF:127.0.0.1], 202",
        "localhost, 202",
        "LocalHost.:8080, 202",
        "feed.example, 202",
        "FEED.example.:443, 202",
        "feed.example:, 202",
        "'', 202",
        "evil.example, 421",
        "evil.example:8080, 421",
        "127.0.0.1.evil.example, 421",
        "localhost.evil.example, 421",
        "feed.example.evil.example, 421",
        "xfeed.example, 421",
        // On the list of origins, which says whose pages may ask, not whose name this is.
        "desk.example, 421",
        // Browsers write addresses as four numbers: a name like these is none of theirs.
        "2130706433, 421",
        "0x7f.1, 421",
        "localhost@evil.example, 400",
        "localhost/, 400",
        "a b, 400",
        "[evil.example], 400",
        "localhost:99999, 400"
    })
    void itIsAskedByAddressesAndKnownNamesOnly(String host, int expected) throws Exception {
        assertThat(status(HttpRequest.of(Method.GET, "/"), "Host", host)).isEqualTo(expected);
    }

    @Test
    void whoNamesNoHostIsNoBrowser() throws Exception {
        assertThat(status(HttpRequest.of(Method.GET, "/"))).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080/v1/documents, evil.example, 202",
        "http://feed.example, evil.example, 202",
        "http://evil.example/v1/documents, localhost, 421",
        "http://evil.example?http://localhost/, localhost, 421"
    })
    void aHostInTheTargetCountsInPlaceOfTheHeader(String target, String host, int expected) throws Exception {
        assertThat(answer(HttpRequest.of(Method.GET, "/"), target, "Host", host)
                        .status()
                        .code())
                .isEqualTo(expected);
    }

    @Test
    void theAnswerSaysWhereTheNameIsMadeKnown() {
        assertThat(catchRefusal("evil.example").detail()).contains("evil.example", "tidegate.http.hosts");
        assertThat(catchRefusal("evil.example").code().code()).isEqualTo("unknown-host");
    }

    private Problem catchRefusal(String host) {
        try {
            var unused = guard.stop(HttpRequest.of(Method.GET, "/").with("Host", host), Target.parse("GET", "/"));
        } catch (Problem.Refusal refusal) {
            return refusal.problem();
        }
        throw new AssertionError("it was answered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://feed.example", "feed.example:80", "*.example", "", "a b", "user@host", "a/b", "."})
    void aHostIsANameWithoutAPort(String text) {
        assertThat(BrowserGuard.isHost(text)).isFalse();
        assertThat(BrowserGuard.isHost("feed.example")).isTrue();
        assertThat(BrowserGuard.isHost("[::1]")).isTrue();
    }

    // ---- pages

    @Test
    void whoNamesNoOriginIsNoPage() throws Exception {
        assertThat(status(HttpRequest.of(Method.PUT, "/"))).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, 127.0.0.1:8080, 202",
        "http://localhost, localhost, 202",
        "http://LOCALHOST:80, localhost:80, 202",
        "http://[::1]:8080, [::1]:8080, 202",
        "http://127.0.0.1:8081, 127.0.0.1:8080, 403",
        "http://127.0.0.1, 127.0.0.1:8080, 403",
        "http://127.0.0.1:8080, 127.0.0.1, 403",
        // What ends TLS in front of the server passes the host on, and the page is the server's own.
        "https://127.0.0.1:8080, 127.0.0.1:8080, 202",
        "https://feed.example, feed.example, 202",
        "https://feed.example, feed.example:443, 202",
        "https://Feed.Example.:443, feed.example, 202",
        "http://feed.example, feed.example:80, 202",
        "https://feed.example, host.example, 403",
        "ftp://feed.example, feed.example, 403",
        "'https://feed.example https://evil.example', feed.example, 403",
        "http://rebound.example, rebound.example, 421",
        "http://127.0.0.1.example, 127.0.0.1.example, 421",
        "null, 127.0.0.1:8080, 403",
        "'', 127.0.0.1:8080, 403",
        "https://desk.example, host.example, 202",
        "https://desk.example:443, host.example, 202",
        "https://DESK.example, host.example, 202",
        "https://other.example:8443, host.example, 202",
        "https://other.example, host.example, 403",
        "http://desk.example, host.example, 403",
        "https://desk.example.evil, host.example, 403"
    })
    void onlyOwnPagesAndListedOnesChangeAnything(String origin, String host, int expected) throws Exception {
        assertThat(status(HttpRequest.of(Method.PUT, "/"), "Origin", origin, "Host", host))
                .isEqualTo(expected);
        assertThat(status(HttpRequest.of(Method.DELETE, "/"), "Origin", origin, "Host", host))
                .isEqualTo(expected);
        String[] upgrade = {"Origin", origin, "Host", host, "Connection", "Upgrade", "Upgrade", "WebSocket"};
        assertThat(status(HttpRequest.of(Method.GET, "/"), upgrade)).isEqualTo(expected);
    }

    @Test
    void twoOriginsAreRefusedWhicheverComesFirst() throws Exception {
        String desk = "https://desk.example";
        for (HttpRequest request : List.of(HttpRequest.of(Method.PUT, "/"), HttpRequest.of(Method.GET, "/"))) {
            HttpResponse one = answer(request, "/", "Origin", desk, "Origin", "https://evil.example");
            HttpResponse other = answer(request, "/", "Origin", "https://evil.example", "Origin", desk);

            assertThat(one.status().code()).isEqualTo(400);
            assertThat(other.status().code()).isEqualTo(400);
            assertThat(one.first("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void foreignPagesMayAskButAreNotGivenLeaveToRead() throws Exception {
        HttpResponse response = answer(HttpRequest.of(Method.GET, "/"), "/", "Origin", "https://foreign.example");

        assertThat(response.status().code()).isEqualTo(202);
        assertThat(response.first("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void listedPagesAreGivenLeaveByName() throws Exception {
        HttpResponse response = answer(HttpRequest.of(Method.GET, "/"), "/", "Origin", "https://desk.example");

        assertThat(response.first("Access-Control-Allow-Origin")).hasValue("https://desk.example");
        assertThat(response.first("Vary")).hasValue("Origin");
    }

    @Test
    void anAnswerVariesWithTheOriginAlsoWhereNoneIsNamed() throws Exception {
        assertThat(answer(HttpRequest.of(Method.GET, "/"), "/").first("Vary")).hasValue("Origin");
    }

    @Test
    void aPreflightIsAnsweredForListedPagesOnly() throws Exception {
        HttpRequest preflight = HttpRequest.of(Method.OPTIONS, "/");
        String[] listed = {"Origin", "https://desk.example", "Access-Control-Request-Method", "PUT"};
        String[] foreign = {"Origin", "https://foreign.example", "Access-Control-Request-Method", "PUT"};

        assertThat(status(preflight, listed)).isEqualTo(204);
        assertThat(answer(preflight, "/", listed).first("Access-Control-Allow-Methods"))
                .isPresent();
        assertThat(answer(preflight, "/", foreign).first("Access-Control-Allow-Methods"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://desk.example/",
                "desk.example",
                "ftp://desk.example",
                "https://",
                "https://a b",
                "https://me@desk.example"
            })
    void anOriginIsASchemeAndAHost(String text) {
        assertThat(BrowserGuard.isOrigin(text)).isFalse();
        assertThat(BrowserGuard.isOrigin("https://desk.example:8443")).isTrue();
    }
}
