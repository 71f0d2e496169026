package io.tidegate.wire;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's bytes into lines that end with LF or CRLF.
 *
 * <p>It never fails, as {@code Framing.delimiter} would. A line over the limit becomes {@link Line.TooLong} as soon as it is
 * over, the rest of it is skipped, and the next line is read as usual. At most the limit is held in memory.
 */
public final class LineDecoder implements Decoder<ByteString, Line> {

    private static final byte[] NOTHING = new byte[0];

    /** The greeting of a binary protocol is no longer; TLS has the longest. */
    private static final int GREETING_BYTES = 4096;

    private final IntSupplier maxLineBytes;

    private byte[] chunk = NOTHING;
    private int at;

    /** The end of the chunk is the end of a line. */
    private boolean whole;

    /** The beginning of a line whose end has not come yet, in the first {@code partialLength} bytes. */
    private byte[] partial = NOTHING;

    private int partialLength;
    private boolean skipping;

    /** Lines that came to their end. */
    private long ended;

    private LineDecoder(IntSupplier maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * A decoder for one connection.
     *
     * @param maxLineBytes longest line in bytes, its end excluded
     */
    public static LineDecoder create(int maxLineBytes) {
        return create(() -> maxLineBytes);
    }

    /**
     * A decoder for a connection that may send more, or less, from some line on.
     *
     * @param maxLineBytes longest line in bytes, its end excluded; asked for each piece
     */
    public static LineDecoder create(IntSupplier maxLineBytes) {
        return new LineDecoder(maxLineBytes);
    }

    @Override
    public void take(ByteString bytes) {
        take(bytes, false);
    }

    /**
     * Takes a message of whole lines: its last line may do without a newline. Not to be mixed with {@link #take}.
     *
     * @param message empty if it has no line
     */
    public void takeWhole(ByteString message) {
        take(message, true);
    }

    private void take(ByteString bytes, boolean areWhole) {
        chunk = bytes.toArrayUnsafe();
        at = 0;
        whole = areWhole;
    }

    @Override
    public @Nullable Line next() {
        int from = at;
        for (int i = from; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                at = i + 1;
                ended++;
                if (!skipping) {
                    return line(from, i);
                }
                skipping = false;
                from = at;
            }
        }
        at = chunk.length;
        if (whole && from < at) {
            return line(from, at);
        }
        return keep(from);
    }

    @Override
    public @Nullable Line last() {
        return partialLength > 0 ? new Line.Incomplete() : null;
    }

    /** Of a line that is skipped, no more counts than could have been held. */
    @Override
    public @Nullable Begun begun() {
        if (skipping) {
            return new Begun(ended, maxLineBytes.getAsInt());
        }
        return partialLength > 0 ? new Begun(ended, partialLength) : null;
    }

    private Line line(int from, int end) {
        if (partialLength + end - from > maxLineBytes.getAsInt() + 1) {
            return tooLong(from, end);
        }
        if (partialLength == 0) {
            return text(chunk, from, end);
        }
        append(from, end);
        Line line = text(partial, 0, partialLength);
        // The line is read before the next one is asked for, but the array is its own from now on.
        partial = NOTHING;
        partialLength = 0;
        return line;
    }

    private Line text(byte[] bytes, int from, int end) {
        int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
        int most = maxLineBytes.getAsInt();
        return to - from > most
                ? new Line.TooLong(most, Addressee.ofBeginning(bytes, from, to))
                : new Line.Text(bytes, from, to);
    }

    /** Keeps what is left of the chunk; one byte over the limit may still turn out to be a CR. */
    private @Nullable Line keep(int from) {
        Line found = null;
        int length = chunk.length - from;
        if (length > 0 && !skipping) {
            if (partialLength + length > maxLineBytes.getAsInt() + 1) {
                skipping = true;
                found = tooLong(from, chunk.length);
            } else if (partialLength == 0 && length <= GREETING_BYTES && isNoText(chunk[from])) {
                // Binary protocols may wait for an answer before they send anything that looks like the end of a line.
                skipping = true;
                found = new Line.Text(chunk, from, chunk.length);
            } else {
                append(from, chunk.length);
            }
        }
        chunk = NOTHING;
        at = 0;
        return found;
    }

    private Line tooLong(int from, int end) {
        append(from, Math.min(end, from + Math.max(0, Addressee.MOST - partialLength)));
        var line = new Line.TooLong(maxLineBytes.getAsInt(), Addressee.ofBeginning(partial, 0, partialLength));
        partial = NOTHING;
        partialLength = 0;
        return line;
    }

    private static boolean isNoText(byte first) {
        return first != '\r' && Addressee.isNoText(first);
    }

    private void append(int from, int to) {
        int length = partialLength + to - from;
        if (partial.length < length) {
            int capacity = (int) Math.min(maxLineBytes.getAsInt() + 1L, Math.max(length, partial.length * 2L));
            partial = Arrays.copyOf(partial, Math.max(capacity, length));
        }
        System.arraycopy(chunk, from, partial, partialLength, to - from);
        partialLength = length;
    }
}
