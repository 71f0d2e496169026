package io.tidegate.websocket;

import static io.tidegate.websocket.CloseCode.INVALID_TEXT;
import static io.tidegate.websocket.CloseCode.MESSAGE_TOO_BIG;
import static io.tidegate.websocket.CloseCode.PROTOCOL_ERROR;
import static io.tidegate.websocket.CloseCode.UNSUPPORTED_DATA;

import akka.util.ByteString;
import io.tidegate.websocket.Message.Violation;
import io.tidegate.wire.Decoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from a client's frames, by all rules that RFC 6455 has for a server without extensions.
 *
 * <p>It never fails: what breaks a rule becomes a {@link Violation}, as soon as it is seen. After that, and after a
 * {@link Message.Close}, all input is discarded. Each byte is copied once, while it is unmasked; what comes in several
 * pieces may be copied again when the array grows. At most one message and one control frame are held in memory.
 */
public final class MessageDecoder implements Decoder<ByteString, Message> {

    // Opcodes; those of control frames have the bit 8.
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int MAX_CONTROL_BYTES = 125;

    /** Two bytes, eight of an extended length, four of the mask. */
    private static final int MAX_HEADER_BYTES = 14;

    private static final int MASK_BYTES = 4;

    /** Values of the short length that say that the length follows in two or eight bytes. */
    private static final int LENGTH_IN_2 = 126;

    private static final int LENGTH_IN_8 = 127;

    private static final byte[] NOTHING = new byte[0];

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle MASK = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Supplier<MessageLimits> limits;
    private final boolean acceptsBinary;

    private byte[] chunk = NOTHING;
    private int at;
    private boolean ended;

    // The frame that is being read: its header, then its payload.
    private final byte[] header = new byte[MAX_HEADER_BYTES];
    private int headerLength;
    private boolean inPayload;
    private int mask;
    private int remaining;

    private final Payload control = new Payload();

    /** TEXT or BINARY while a message is not finished. */
    private int unfinished;

    private final Payload message = new Payload();
    private final Utf8Check utf8 = new Utf8Check();

    /** Messages and control frames between them that came to their end. */
    private long complete;

    private MessageDecoder(Supplier<MessageLimits> limits, boolean acceptsBinary) {
        this.limits = limits;
        this.acceptsBinary = acceptsBinary;
    }

    /** A decoder for one connection on which binary messages are a violation. */
    public static MessageDecoder ofText(MessageLimits limits) {
        return ofText(() -> limits);
    }

    /** The same for a connection that may send more, or less, from some frame on. */
    public static MessageDecoder ofText(Supplier<MessageLimits> limits) {
        return new MessageDecoder(limits, false);
    }

    /** A decoder for one connection on which binary messages are as good as text. */
    public static MessageDecoder ofTextAndBinary(MessageLimits limits) {
        return new MessageDecoder(() -> limits, true);
    }

    @Override
    public void take(ByteString bytes) {
        if (!ended) {
            chunk = bytes.toArrayUnsafe();
            at = 0;
        }
    }

    @Override
    public @Nullable Message next() {
        while (at < chunk.length) {
            Message found = inPayload ? payload() : header();
            if (found != null) {
                return found;
            }
        }
        chunk = NOTHING;
        at = 0;
        return null;
    }

    /** A message from the first byte of its first frame on, whatever control frames stand in it. */
    @Override
    public @Nullable Begun begun() {
        boolean isWithin = headerLength > 0 || inPayload || unfinished != 0;
        return isWithin && !ended ? new Begun(complete, message.length()) : null;
    }

    private @Nullable Message header() {
        if (!gather(2)) {
            return null;
        }
        Violation wrong = mistake();
        if (wrong != null) {
            return end(wrong);
        }
        if (!gather(2 + lengthBytes() + MASK_BYTES)) {
            return null;
        }
        headerLength = 0;
        return begin(length());
    }

    private boolean gather(int size) {
        while (headerLength < size && at < chunk.length) {
            header[headerLength++] = chunk[at++];
        }
        return headerLength >= size;
    }

    private boolean isFinal() {
        return header[0] < 0;
    }

    private int opcode() {
        return header[0] & 0x0f;
    }

    private boolean isControl() {
        return opcode() >= CLOSE;
    }

    private int shortLength() {
        return header[1] & 0x7f;
    }

    private int lengthBytes() {
        int length = shortLength();
        return length == LENGTH_IN_8 ? Long.BYTES : length == LENGTH_IN_2 ? Short.BYTES : 0;
    }

    /** What the first two bytes have wrong. */
    private @Nullable Violation mistake() {
        if ((header[0] & 0x70) != 0) {
            return protocolError("set no reserved bits: no extension was agreed on");
        }
        if (header[1] >= 0) {
            return protocolError("mask every frame");
        }
        return switch (opcode()) {
            case CONTINUATION -> unfinished == 0 ? protocolError("begin a message before you continue it") : null;
            case TEXT -> mistakeInBeginning();
            case BINARY -> acceptsBinary ? mistakeInBeginning() : new Violation(UNSUPPORTED_DATA, "send text messages");
            case CLOSE, PING, PONG -> mistakeInControl();
            default -> protocolError("opcode " + opcode() + " is reserved");
        };
    }

    private @Nullable Violation mistakeInBeginning() {
        return unfinished == 0 ? null : protocolError("finish a message before you begin another");
    }

    private @Nullable Violation mistakeInControl() {
        if (!isFinal()) {
            return protocolError("do not fragment control frames");
        }
        return shortLength() > MAX_CONTROL_BYTES
                ? protocolError("a control frame has at most " + MAX_CONTROL_BYTES + " bytes")
                : null;
    }

    private static Violation protocolError(String reason) {
        return new Violation(PROTOCOL_ERROR, reason);
    }

    /** The length of the payload; negative if it is not written as it must be. */
    private long length() {
        return switch (shortLength()) {
            case LENGTH_IN_2 -> atLeast(LENGTH_IN_2, Short.toUnsignedLong((short) SHORT.get(header, 2)));
            case LENGTH_IN_8 -> atLeast(1 << Short.SIZE, (long) LONG.get(header, 2));
            default -> shortLength();
        };
    }

    private static long atLeast(int least, long length) {
        return length < least ? -1 : length;
    }

    private @Nullable Message begin(long length) {
        if (length < 0) {
            return end(protocolError("write the length of a frame in as few bytes as possible, at most 63 bits"));
        }
        if (!isControl()) {
            MessageLimits most = limits.get();
            if (length > most.maxFrameBytes()) {
                return end(tooBig("frames", most.maxFrameBytes(), most.frameSetting()));
            }
            if (message.length() + length > most.maxMessageBytes()) {
                return end(tooBig("messages", most.maxMessageBytes(), most.messageSetting()));
            }
            unfinished = opcode() == CONTINUATION ? unfinished : opcode();
        }
        mask = (int) MASK.get(header, 2 + lengthBytes());
        remaining = (int) length;
        inPayload = remaining > 0;
        return inPayload ? null : finish();
    }

    private static Violation tooBig(String what, int mostBytes, String setting) {
        return new Violation(MESSAGE_TOO_BIG, "send " + what + " of at most " + mostBytes + " bytes (" + setting + ")");
    }

    private @Nullable Message payload() {
        int count = Math.min(remaining, chunk.length - at);
        Payload target = isControl() ? control : message;
        int before = target.length();
        target.append(
                chunk,
                at,
                count,
                mask,
                isFinal() ? before + remaining : limits.get().maxMessageBytes());
        at += count;
        remaining -= count;
        mask = Integer.rotateRight(mask, count * Byte.SIZE);
        if (!isControl() && unfinished == TEXT && !utf8.accept(message.array(), before, message.length())) {
            return end(new Violation(INVALID_TEXT, "send text in valid UTF-8"));
        }
        inPayload = remaining > 0;
        return inPayload ? null : finish();
    }

    /** The end of a frame. */
    private @Nullable Message finish() {
        if (isControl() ? unfinished == 0 : isFinal()) {
            complete++;
        }
        return switch (opcode()) {
            case PING -> new Message.Ping(control.take());
            case PONG -> new Message.Pong(control.take());
            case CLOSE -> end(close(control.take()));
            default -> isFinal() ? data() : null;
        };
    }

    private Message data() {
        int kind = unfinished;
        unfinished = 0;
        if (kind == BINARY) {
            return new Message.Binary(message.take());
        }
        if (!utf8.isComplete()) {
            return end(new Violation(INVALID_TEXT, "send text in valid UTF-8; the last character is cut off"));
        }
        return new Message.Text(message.take());
    }

    private static Message close(ByteString payload) {
        if (payload.isEmpty()) {
            return new Message.Close(Message.Close.NO_CODE, "");
        }
        byte[] bytes = payload.toArrayUnsafe();
        if (bytes.length < Short.BYTES) {
            return protocolError("a close frame is empty or begins with a code of two bytes");
        }
        int code = Short.toUnsignedInt((short) SHORT.get(bytes, 0));
        if (!CloseCode.mayBeSent(code)) {
            return protocolError("the close code " + code + " is not for use");
        }
        var check = new Utf8Check();
        if (!check.accept(bytes, Short.BYTES, bytes.length) || !check.isComplete()) {
            return new Violation(INVALID_TEXT, "give the reason of a close frame in valid UTF-8");
        }
        return new Message.Close(
                code, new String(bytes, Short.BYTES, bytes.length - Short.BYTES, StandardCharsets.UTF_8));
    }

    /** Nothing after this is read. */
    private Message end(Message last) {
        ended = true;
        chunk = NOTHING;
        at = 0;
        message.clear();
        return last;
    }
}
