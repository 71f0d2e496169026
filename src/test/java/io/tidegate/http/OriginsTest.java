package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may do what. */
class OriginsTest {

    private static final Routes ROUTES = (request, target) ->
            CompletableFuture.completedStage(Reply.of(HttpResponse.create().withStatus(StatusCodes.ACCEPTED)));

    private final Routes guarded = Origins.of(List.of("https://desk.example", "https://Other.example:8443"))
            .guard(ROUTES);

    private HttpResponse answer(HttpRequest request, String... namesAndValues) throws Exception {
        HttpRequest full = request;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            full = full.addHeader(HttpHeader.parse(namesAndValues[i], namesAndValues[i + 1]));
        }
        try {
            return ((Reply.Whole) guarded.answer(full, Target.parse("/"))
                            .toCompletableFuture()
                            .join())
                    .response();
        } catch (Problem.Refusal refusal) {
            return refusal.problem().response();
        }
    }

    private int status(HttpRequest request, String... namesAndValues) throws Exception {
        return answer(request, namesAndValues).status().intValue();
    }

    @Test
    void whoNamesNoOriginIsNoPage() throws Exception {
        assertThat(status(HttpRequest.PUT("/"))).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, 127.0.0.1:8080, 202",
        "http://localhost, localhost, 202",
        "http://LOCALHOST:80, localhost:80, 202",
        "http://[::1]:8080, [::1]:8080, 202",
        "http://127.0.0.1:8081, 127.0.0.1:8080, 403",
        "https://127.0.0.1:8080, 127.0.0.1:8080, 403",
        "http://rebound.example, rebound.example, 403",
        "http://127.0.0.1.example, 127.0.0.1.example, 403",
        "null, 127.0.0.1:8080, 403",
        "https://desk.example, anything.example, 202",
        "https://DESK.example, anything.example, 202",
        "https://other.example:8443, anything.example, 202",
        "https://other.example, anything.example, 403",
        "https://desk.example.evil, anything.example, 403"
    })
    void onlyOwnPagesAndListedOnesChangeAnything(String origin, String host, int expected) throws Exception {
        assertThat(status(HttpRequest.PUT("/"), "Origin", origin, "Host", host)).isEqualTo(expected);
        assertThat(status(HttpRequest.DELETE("/"), "Origin", origin, "Host", host))
                .isEqualTo(expected);
        assertThat(status(
                        HttpRequest.GET("/"),
                        "Origin",
                        origin,
                        "Host",
                        host,
                        "Connection",
                        "Upgrade",
                        "Upgrade",
                        "WebSocket"))
                .isEqualTo(expected);
    }

    @Test
    void foreignPagesMayAskButAreNotGivenLeaveToRead() throws Exception {
        HttpResponse response = answer(HttpRequest.GET("/"), "Origin", "https://foreign.example");

        assertThat(response.status().intValue()).isEqualTo(202);
        assertThat(response.getHeader("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void listedPagesAreGivenLeaveByName() throws Exception {
        HttpResponse response = answer(HttpRequest.GET("/"), "Origin", "https://desk.example");

        assertThat(response.getHeader("Access-Control-Allow-Origin").map(HttpHeader::value))
                .hasValue("https://desk.example");
        assertThat(response.getHeader("Vary").map(HttpHeader::value)).hasValue("Origin");
    }

    @Test
    void aPreflightIsAnsweredForListedPagesOnly() throws Exception {
        HttpRequest preflight = HttpRequest.create("/").withMethod(HttpMethods.OPTIONS);
        String[] listed = {"Origin", "https://desk.example", "Access-Control-Request-Method", "PUT"};
        String[] foreign = {"Origin", "https://foreign.example", "Access-Control-Request-Method", "PUT"};

        assertThat(status(preflight, listed)).isEqualTo(204);
        assertThat(answer(preflight, listed).getHeader("Access-Control-Allow-Methods"))
                .isPresent();
        assertThat(answer(preflight, foreign).getHeader("Access-Control-Allow-Methods"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://desk.example/", "desk.example", "ftp://desk.example", "https://", "https://a b"})
    void anOriginIsASchemeAndAHost(String text) {
        assertThat(Origins.isOrigin(text)).isFalse();
        assertThat(Origins.isOrigin("https://desk.example:8443")).isTrue();
    }
}
