package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.connection.LineProtocol;
import io.tidegate.websocket.Handshake;
import io.tidegate.wire.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens WebSockets, on which the line protocol is spoken. */
final class WebSocketRoutes {

    /** What is spoken after the handshake. */
    private final LineProtocol lines;

    WebSocketRoutes(LineProtocol sessions, WebSocketSettings settings) {
        lines = sessions.on(new WebSocketDialect(settings));
    }

    /** {@code GET /v1/socket}. */
    CompletionStage<Reply> open(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        call.target().requireOnly();
        Handshake handshake = Handshake.of(request.method(), request.version(), request::all);
        if (handshake instanceof Handshake.Refused refused) {
            throw problem(refused).refusal();
        }
        if (!request.body().isOver()) {
            // Its bytes would be taken for frames.
            throw Problem.badRequest("a request that opens a WebSocket has no body: send none")
                    .refusal();
        }
        HttpResponse head = HttpResponse.of(HttpResponseStatus.SWITCHING_PROTOCOLS)
                .with("Upgrade", "websocket")
                .with("Sec-WebSocket-Accept", ((Handshake.Accepted) handshake).accept());
        return CompletableFuture.completedStage(
                new Reply.Switching(head, lines.of(call.caller().pass())));
    }

    private static Problem problem(Handshake.Refused refused) {
        Header[] headers = refused.headers().entrySet().stream()
                .map(header -> new Header(header.getKey(), header.getValue()))
                .toArray(Header[]::new);
        HttpResponseStatus status = HttpResponseStatus.valueOf(refused.status());
        return Problem.of(status, ErrorCode.BAD_REQUEST, refused.reason()).with(headers);
    }
}
