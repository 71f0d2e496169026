package io.tidegate.websocket;

import akka.util.ByteString;
import io.tidegate.wire.Decoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the echo server answers on one connection: to the handshake, then to each message. */
final class EchoDialogue implements Decoder<ByteString, EchoDialogue.Reply> {

    /**
     * Bytes for the client.
     *
     * @param isLast nothing more is sent
     */
    record Reply(ByteString bytes, boolean isLast) {}

    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final ByteString END_OF_HEAD = ByteString.fromString("\r\n\r\n");

    private final MessageDecoder messages;
    private ByteString head = ByteString.emptyByteString();
    private boolean isOpen;

    EchoDialogue(MessageLimits limits) {
        messages = MessageDecoder.ofTextAndBinary(limits);
    }

    @Override
    public void take(ByteString bytes) {
        if (isOpen) {
            messages.take(bytes);
        } else {
            head = head.concat(bytes);
        }
    }

    @Override
    public @Nullable Reply next() {
        if (!isOpen) {
            return handshake();
        }
        // A pong is the only message without a reply.
        for (Message message = messages.next(); message != null; message = messages.next()) {
            Reply reply = reply(message);
            if (reply != null) {
                return reply;
            }
        }
        return null;
    }

    private @Nullable Reply handshake() {
        int end = head.indexOfSlice(END_OF_HEAD);
        if (end < 0) {
            return head.length() > MAX_HEAD_BYTES ? refusal(431, "send less than 8 KiB of headers", Map.of()) : null;
        }
        RequestHead request = RequestHead.parse(head.take(end).decodeString(StandardCharsets.ISO_8859_1));
        if (request == null) {
            return refusal(400, "send an HTTP request", Map.of());
        }
        Handshake handshake = Handshake.of(request.method(), request.version(), request::values);
        if (handshake instanceof Handshake.Refused refused) {
            return refusal(refused.status(), refused.reason(), refused.headers());
        }
        isOpen = true;
        messages.take(head.drop(end + END_OF_HEAD.length()));
        head = ByteString.emptyByteString();
        String accept = ((Handshake.Accepted) handshake).accept();
        return new Reply(
                ByteString.fromString(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n"),
                false);
    }

    private static Reply refusal(int status, String reason, Map<String, String> headers) {
        var text = new StringBuilder("HTTP/1.1 " + status + " Refused\r\nConnection: close\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        text.append(
                "Content-Type: text/plain\r\nContent-Length: " + (reason.length() + 1) + "\r\n\r\n" + reason + "\n");
        return new Reply(ByteString.fromString(text.toString()), true);
    }

    private static @Nullable Reply reply(Message message) {
        if (message instanceof Message.Text text) {
            return new Reply(Frames.text(text.payload()), false);
        } else if (message instanceof Message.Binary binary) {
            return new Reply(Frames.binary(binary.payload()), false);
        } else if (message instanceof Message.Ping ping) {
            return new Reply(Frames.pong(ping.payload()), false);
        } else if (message instanceof Message.Close close) {
            return new Reply(Frames.close(close), true);
        } else if (message instanceof Message.Violation violation) {
            return new Reply(Frames.close(violation.code(), violation.reason()), true);
        }
        return null;
    }
}
