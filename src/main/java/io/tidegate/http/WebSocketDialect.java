package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.connection.ClientInput;
import io.tidegate.connection.Dialect;
import io.tidegate.connection.Room;
import io.tidegate.feed.Framing;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Transport;
import io.tidegate.websocket.CloseCode;
import io.tidegate.websocket.Frames;
import io.tidegate.websocket.Input;
import io.tidegate.websocket.Message;
import io.tidegate.websocket.MessageDecoder;
import io.tidegate.websocket.MessageLimits;
import io.tidegate.websocket.MessageLines;
import io.tidegate.wire.Decoder;

/** The line protocol in the messages of a WebSocket: each message has whole lines, and the goodbye is followed by a close frame. */
final class WebSocketDialect implements Dialect<Input> {

    private final MessageLimits limits;
    private final Liveness liveness;

    WebSocketDialect(WebSocketSettings settings) {
        limits = settings.limits();
        liveness = new Liveness(
                settings.pingInterval(),
                settings.pongTimeout(),
                Frames.ping(ByteString.emptyByteString()),
                Frames.close(CloseCode.POLICY_VIOLATION, "answer pings: the connection seemed dead"));
    }

    @Override
    public Transport transport() {
        return Transport.WEB_SOCKET;
    }

    @Override
    public Framing framing() {
        return WebSocketFraming.INSTANCE;
    }

    /** bytes ─► messages ─► lines, pings, close */
    @Override
    public Decoder<ByteString, Input> decoder(Room room) {
        MessageLimits narrow = limits.within(room.narrowBytes(), Room.NARROW_SETTING);
        return MessageDecoder.ofText(() -> room.isNarrow() ? narrow : limits)
                .then(MessageLines.create(room::lineBytes));
    }

    @Override
    public void take(Input input, ClientInput session) {
        if (input instanceof Input.RequestLine request) {
            session.line(request.line());
        } else if (input instanceof Message.Ping ping) {
            session.answer(Frames.pong(ping.payload()));
        } else if (input instanceof Message.Close close) {
            session.closed(Frames.close(close), CloseReason.PEER_CLOSED);
        } else if (input instanceof Message.Violation violation) {
            session.closed(Frames.close(violation.code(), violation.reason()), CloseReason.REFUSED);
        }
        // A pong says only that somebody is there.
    }

    @Override
    public ByteString farewell(CloseReason reason) {
        if (reason == CloseReason.QUIT) {
            return Frames.close(CloseCode.NORMAL, "");
        }
        boolean isBarred = reason.comeBack() == CloseReason.ComeBack.WITH_CREDENTIALS;
        return Frames.close(isBarred ? CloseCode.POLICY_VIOLATION : CloseCode.GOING_AWAY, reason.code());
    }

    @Override
    public ByteString rejection(String reason) {
        return Frames.close(CloseCode.POLICY_VIOLATION, reason);
    }

    @Override
    public Liveness liveness() {
        return liveness;
    }
}
