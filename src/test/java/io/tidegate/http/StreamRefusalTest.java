package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told of what by an event. */
class StreamRefusalTest {

    private static final Problem UNAVAILABLE = Problem.unavailable(ErrorCode.TOO_MANY_CONNECTIONS, "come \"later\"");

    private static @Nullable HttpRequest get(String head) {
        return RawHead.get(ByteString.fromString(head));
    }

    private static boolean isConcerned(String head) {
        HttpRequest request = get(head);
        return request != null && StreamRefusal.concerns(request, UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/follow HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n",
                "GET /v1/follow HTTP/1.1\r\naccept:TEXT/Event-Stream;q=1, */*\r\n\r\n",
                "GET / HTTP/1.0\r\nAccept: text/html\r\nAccept: text/event-stream\r\n\r\nGET / HTTP/1.1\r\n",
            })
    void anEventSourceIs(String head) {
        assertThat(isConcerned(head)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n\r\n",
                "GET /v1/follow HTTP/1.1\r\nAccept: text/event-stream\r\n",
                "GET /v1/follow HTTP/1.1\r\nAccept: */*\r\n\r\n",
                "GET /v1/follow HTTP/1.1\r\nX-Accept: text/event-stream\r\n\r\n",
                "POST /v1/updates HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n",
                "put c k 1\r\n\r\n",
            })
    void othersAreNot(String head) {
        assertThat(isConcerned(head)).isFalse();
    }

    @Test
    void aRefusalThatStaysIsTheStatus() {
        HttpRequest request = get("GET / HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n");
        assertThat(request).isNotNull();

        for (HttpResponseStatus status : List.of(
                HttpResponseStatus.BAD_REQUEST,
                HttpResponseStatus.FORBIDDEN,
                HttpResponseStatus.NOT_FOUND,
                HttpResponseStatus.NOT_ACCEPTABLE)) {
            assertThat(StreamRefusal.concerns(request, Problem.of(status, ErrorCode.BAD_REQUEST, "")))
                    .isFalse();
        }
    }

    @Test
    void aHeadIsWholeWhenItEndsOrIsTooLong() {
        assertThat(RawHead.isWhole(ByteString.fromString("GET / HTTP/1.1\r\nA: b\r\n")))
                .isFalse();
        assertThat(RawHead.isWhole(ByteString.fromString("GET / HTTP/1.1\r\nA: b\r\n\r\n")))
                .isTrue();
        assertThat(RawHead.isWhole(ByteString.fromString("x".repeat(RawHead.MOST_BYTES))))
                .isTrue();
    }

    @Test
    void theStreamIsOneEventAndATimeToComeBack() {
        String response = ResponseHead.last(StreamRefusal.response(UNAVAILABLE).with("Vary", "Origin"))
                .utf8String();

        assertThat(response)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/event-stream\r\n", "Vary: Origin\r\n");
        assertThat(response.substring(response.indexOf("\r\n\r\n") + 4))
                .isEqualTo("retry: 2000\ndata: {\"event\":\"error\",\"code\":\"too-many-connections\","
                        + "\"message\":\"come \\\"later\\\"\"}\n\n");
    }
}
