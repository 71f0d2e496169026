package io.tidegate.websocket;

import akka.util.ByteString;
import io.tidegate.wire.Decoding;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Frames as clients send them, right and wrong, and what a decoder finds in them. */
final class ClientFrames {

    // The first byte of frames that are final.
    static final int CONTINUATION = 0x80;
    static final int TEXT = 0x81;
    static final int BINARY = 0x82;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;

    /** Taken from the first byte, it makes a fragment. */
    static final int FINAL = 0x80;

    static final MessageLimits LIMITS = new MessageLimits(100_000, 150_000);

    private static final int MASK = 0x37fa213d;

    private ClientFrames() {}

    static byte[] text(String text) {
        return frame(TEXT, utf8(text));
    }

    static byte[] frame(int first, byte... payload) {
        return frame(first, MASK, payload);
    }

    static byte[] frame(int first, int mask, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) 0xfe).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xff).putLong(payload.length);
        }
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (mask >>> (24 - i % 4 * 8))));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    static byte[] close(int code, byte... reason) {
        return frame(CLOSE, ClientFrames.join(new byte[] {(byte) (code >> 8), (byte) code}, reason));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Cuts input into pieces of one size. */
    static List<ByteString> pieces(byte[] input, int size) {
        List<ByteString> pieces = new ArrayList<>();
        for (int from = 0; from < input.length; from += size) {
            pieces.add(ByteString.fromArray(input, from, Math.min(size, input.length - from)));
        }
        return pieces;
    }

    static List<Message> decoded(byte[]... frames) {
        return decoded(List.of(ByteString.fromArray(join(frames))));
    }

    static List<Message> decoded(List<ByteString> chunks) {
        return decoded(MessageDecoder.ofTextAndBinary(LIMITS), chunks);
    }

    static List<Message> decoded(MessageDecoder decoder, List<ByteString> chunks) {
        return Decoding.all(decoder, chunks);
    }

    static Message textMessage(String text) {
        return new Message.Text(ByteString.fromString(text));
    }

    static Message binaryMessage(byte... bytes) {
        return new Message.Binary(ByteString.fromArray(bytes));
    }

    static Message ping(String payload) {
        return new Message.Ping(ByteString.fromString(payload));
    }

    static Message pong(String payload) {
        return new Message.Pong(ByteString.fromString(payload));
    }

    static CloseCode violation(Message message) {
        return ((Message.Violation) message).code();
    }
}
