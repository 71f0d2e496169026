package io.tidegate.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawHeader;
import io.tidegate.connection.LineProtocol;
import io.tidegate.connection.Protocol;
import io.tidegate.websocket.Handshake;
import io.tidegate.wire.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens WebSockets, on which the line protocol is spoken. */
final class WebSocketRoutes {

    /** What is spoken after the handshake. */
    private final Protocol lines;

    WebSocketRoutes(LineProtocol sessions, WebSocketSettings settings) {
        lines = sessions.on(new WebSocketDialect(settings));
    }

    /** {@code GET /v1/socket}. */
    CompletionStage<Reply> open(HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        Handshake handshake =
                Handshake.of(request.method().value(), request.protocol().value(), name -> Headers.all(request, name));
        if (handshake instanceof Handshake.Refused refused) {
            throw problem(refused).refusal();
        }
        HttpResponse head = HttpResponse.create()
                .withStatus(StatusCodes.SWITCHING_PROTOCOLS)
                .addHeader(RawHeader.create("Upgrade", "websocket"))
                .addHeader(Connection.create("Upgrade"))
                .addHeader(RawHeader.create("Sec-WebSocket-Accept", ((Handshake.Accepted) handshake).accept()));
        return CompletableFuture.completedStage(new Reply.Switching(head, lines));
    }

    private static Problem problem(Handshake.Refused refused) {
        HttpHeader[] headers = refused.headers().entrySet().stream()
                .map(header -> HttpHeader.parse(header.getKey(), header.getValue()))
                .toArray(HttpHeader[]::new);
        StatusCode status = StatusCodes.get(refused.status());
        return Problem.of(status, ErrorCode.BAD_REQUEST, refused.reason()).with(headers);
    }
}
