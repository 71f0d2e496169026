package io.tidegate.wire;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's bytes into lines that end with LF or CRLF.
 *
 * <p>It never fails: a failure would reset the connection and take earlier valid lines of the same chunk with it (as
 * {@code Framing.delimiter} does). A line over the limit becomes {@link Line.TooLong} as soon as it is over, the rest of it
 * is skipped, and the next line is read as usual. At most the limit is held in memory.
 */
public final class LineDecoder extends GraphStage<FlowShape<ByteString, Line>> {

    private static final byte[] NOTHING = new byte[0];

    private final Inlet<ByteString> in = Inlet.create("LineDecoder.in");
    private final Outlet<Line> out = Outlet.create("LineDecoder.out");
    private final FlowShape<ByteString, Line> shape = FlowShape.of(in, out);
    private final int maxLineBytes;

    private LineDecoder(int maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * A decoder for one connection.
     *
     * @param maxLineBytes longest line in bytes, its end excluded
     */
    public static LineDecoder create(int maxLineBytes) {
        return new LineDecoder(maxLineBytes);
    }

    @Override
    public FlowShape<ByteString, Line> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private byte[] chunk = NOTHING;
        private int at;

        /** The beginning of a line whose end has not come yet, in the first {@code partialLength} bytes. */
        private byte[] partial = NOTHING;

        private int partialLength;
        private boolean skipping;

        Logic() {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    chunk = grab(in).toArrayUnsafe();
                    at = 0;
                    onPull();
                }

                @Override
                public void onPull() {
                    Line line = nextLine();
                    if (line != null) {
                        push(out, line);
                    } else if (isClosed(in)) {
                        finish();
                    } else if (!hasBeenPulled(in)) {
                        pull(in);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (isAvailable(out)) {
                        onPull();
                    }
                }
            });
        }

        private void finish() {
            if (partialLength > 0) {
                partialLength = 0;
                emit(out, new Line.Incomplete());
            }
            completeStage();
        }

        private @Nullable Line nextLine() {
            int from = at;
            for (int i = from; i < chunk.length; i++) {
                if (chunk[i] == '\n') {
                    at = i + 1;
                    if (!skipping) {
                        return line(from, i);
                    }
                    skipping = false;
                    from = at;
                }
            }
            at = chunk.length;
            return keep(from);
        }

        private Line line(int from, int newline) {
            if (partialLength + newline - from > maxLineBytes + 1) {
                return tooLong();
            }
            if (partialLength == 0) {
                return text(chunk, from, newline);
            }
            append(from, newline);
            Line line = text(partial, 0, partialLength);
            // The line is read before the next one is asked for, but the array is its own from now on.
            partial = NOTHING;
            partialLength = 0;
            return line;
        }

        private Line text(byte[] bytes, int from, int newline) {
            int to = newline > from && bytes[newline - 1] == '\r' ? newline - 1 : newline;
            return to - from > maxLineBytes ? new Line.TooLong(maxLineBytes) : new Line.Text(bytes, from, to);
        }

        /** Keeps what is left of the chunk; one byte over the limit may still turn out to be a CR. */
        private @Nullable Line keep(int from) {
            int length = chunk.length - from;
            byte[] source = chunk;
            if (length == 0 || skipping) {
                chunk = NOTHING;
                at = 0;
                return null;
            }
            if (partialLength + length > maxLineBytes + 1) {
                chunk = NOTHING;
                at = 0;
                skipping = true;
                return tooLong();
            }
            append(from, source.length);
            chunk = NOTHING;
            at = 0;
            return null;
        }

        private Line tooLong() {
            partial = NOTHING;
            partialLength = 0;
            return new Line.TooLong(maxLineBytes);
        }

        private void append(int from, int to) {
            int length = partialLength + to - from;
            if (partial.length < length) {
                int capacity = (int) Math.min(maxLineBytes + 1L, Math.max(length, partial.length * 2L));
                partial = Arrays.copyOf(partial, Math.max(capacity, length));
            }
            System.arraycopy(chunk, from, partial, partialLength, to - from);
            partialLength = length;
        }
    }
}
