package io.tidegate.websocket;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as a server sends them: final, not masked, of any length. */
public final class Frames {

    private static final int MAX_CONTROL_BYTES = 125;
    private static final int MAX_REASON_BYTES = MAX_CONTROL_BYTES - Short.BYTES;

    private static final int FINAL = 0x80;
    private static final int TEXT = FINAL | 1;
    private static final int BINARY = FINAL | 2;
    private static final int CLOSE = FINAL | 8;
    private static final int PING = FINAL | 9;
    private static final int PONG = FINAL | 10;

    private Frames() {}

    /** A text message of event lines, which are shared and not copied: what is framed once serves all followers. */
    public static ByteString text(ByteString lines) {
        return textHeader(lines.length()).concat(lines);
    }

    /**
     * What stands before the payload of a text message.
     *
     * @param payloadBytes length of the payload, 0 or more
     */
    public static ByteString textHeader(int payloadBytes) {
        return header(TEXT, payloadBytes);
    }

    /** A binary message; the payload is shared and not copied. */
    public static ByteString binary(ByteString payload) {
        return header(BINARY, payload.length()).concat(payload);
    }

    /**
     * Asks the client for a pong with the same payload.
     *
     * @param payload at most 125 bytes
     */
    public static ByteString ping(ByteString payload) {
        return control(PING, payload);
    }

    /**
     * Answers a ping.
     *
     * @param payload that of the ping, at most 125 bytes
     */
    public static ByteString pong(ByteString payload) {
        return control(PONG, payload);
    }

    /**
     * The last frame of this side.
     *
     * @param reason for people; cut between two characters where it has more than 123 bytes
     */
    public static ByteString close(CloseCode code, String reason) {
        return close(code.code(), reason);
    }

    /** The last frame of this side, as the answer to the client's: it carries the same code, or none. */
    public static ByteString close(Message.Close received) {
        return received.code() == Message.Close.NO_CODE
                ? control(CLOSE, ByteString.emptyByteString())
                : close(received.code(), "");
    }

    private static ByteString close(int code, String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, MAX_REASON_BYTES);
        while (length < utf8.length && isContinuation(utf8[length])) {
            length--;
        }
        byte[] payload = ByteBuffer.allocate(Short.BYTES + length)
                .putShort((short) code)
                .put(utf8, 0, length)
                .array();
        return control(CLOSE, ByteString.fromArrayUnsafe(payload));
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    private static ByteString control(int first, ByteString payload) {
        if (payload.length() > MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException("a control frame has at most " + MAX_CONTROL_BYTES + " bytes");
        }
        return header(first, payload.length()).concat(payload).compact();
    }

    private static ByteString header(int first, int length) {
        ByteBuffer header;
        if (length < 126) {
            header = ByteBuffer.allocate(2).put((byte) first).put((byte) length);
        } else if (length < 1 << Short.SIZE) {
            header = ByteBuffer.allocate(4).put((byte) first).put((byte) 126).putShort((short) length);
        } else {
            header = ByteBuffer.allocate(10).put((byte) first).put((byte) 127).putLong(length);
        }
        return ByteString.fromArrayUnsafe(header.array());
    }
}
