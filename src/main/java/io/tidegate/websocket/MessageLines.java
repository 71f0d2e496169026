package io.tidegate.websocket;

import io.tidegate.wire.Decoder;
import io.tidegate.wire.LineDecoder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts data messages into request lines, and lets control messages pass.
 *
 * <p>A message has any number of lines; the last one may do without its newline. A line never goes on in the next message.
 */
public final class MessageLines implements Decoder<Message, Input> {

    private final LineDecoder lines;
    private Message.@Nullable Control control;

    private MessageLines(IntSupplier maxLineBytes) {
        lines = LineDecoder.create(maxLineBytes);
    }

    /**
     * A splitter for one connection.
     *
     * @param maxLineBytes longest line in bytes, its end excluded
     */
    public static MessageLines create(int maxLineBytes) {
        return create(() -> maxLineBytes);
    }

    /** The same for a connection that may send more, or less, from some line on. */
    public static MessageLines create(IntSupplier maxLineBytes) {
        return new MessageLines(maxLineBytes);
    }

    @Override
    public void take(Message message) {
        if (message instanceof Message.Data data) {
            lines.takeWhole(data.payload());
        } else {
            control = (Message.Control) message;
        }
    }

    @Override
    public @Nullable Input next() {
        Message.Control passing = control;
        if (passing != null) {
            control = null;
            return passing;
        }
        var line = lines.next();
        return line == null ? null : new Input.RequestLine(line);
    }
}
