package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.document.Position;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Framing;
import io.tidegate.wire.EventLine;
import java.util.function.Supplier;

/**
 * Event lines as server-sent events: each line is the data of one event.
 *
 * <pre>
 *  id: k7f3x2ab:1043
 *  data: {"event":"put","seq":1043,"collection":"orders","key":"o-17","value":{"qty":6}}
 *
 * </pre>
 *
 * <p>An event from which a follower may resume has its position as {@code id}. None has a name, so that one listener in a
 * browser sees all, told apart as on every other transport.
 *
 * <p>A {@code retry} is how long a browser waits before <em>each</em> attempt to connect, until it is sent another one. So
 * a goodbye's is its slot and a second more, and each stream begins with the one that is right for all other times.
 */
final class ServerSentEvents implements Framing {

    private static final byte[] ID = Utf8Buffer.ascii("id: ");
    private static final byte[] RETRY = Utf8Buffer.ascii("retry: ");
    private static final byte[] DATA = Utf8Buffer.ascii("data: ");

    /** Milliseconds between two attempts of a client that lost its connection. */
    static final int RETRY_MILLIS = 2000;

    /** The least of them: no slot makes a client try more often. */
    static final int LEAST_RETRY_MILLIS = 1000;

    /** How each stream begins. */
    static final ByteString BEGINNING = ByteString.fromString("retry: " + RETRY_MILLIS + "\n\n");

    private final Supplier<Position> head;

    /** @param head tells in which epoch positions are told; what was before it has the same numbers in it */
    ServerSentEvents(Supplier<Position> head) {
        this.head = head;
    }

    @Override
    public ByteString frame(ByteString lines) {
        byte[] epoch = Utf8Buffer.ascii(head.get().epoch() + ":");
        byte[] bytes = lines.toArrayUnsafe();
        var events = new Utf8Buffer(bytes.length + bytes.length / 2 + 64);
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                event(bytes, start, at + 1, epoch, events);
                start = at + 1;
            }
        }
        return ByteString.fromArrayUnsafe(events.toArray());
    }

    private static void event(byte[] bytes, int start, int end, byte[] epoch, Utf8Buffer target) {
        EventLine line = new EventLine(bytes, start);
        long slot = line.reconnectAfterMillis();
        if (slot >= 0) {
            target.put(RETRY).putDecimal(LEAST_RETRY_MILLIS + slot).put((byte) '\n');
        }
        long seq = line.resumeSeq();
        if (seq >= 0) {
            target.put(ID).put(epoch).putDecimal(seq).put((byte) '\n');
        }
        target.put(DATA).put(bytes, start, end - start).put((byte) '\n');
    }

    /** A client has an event when it has the empty line that ends it. */
    @Override
    public ByteString linesIn(ByteString sent) {
        byte[] bytes = sent.toArrayUnsafe();
        var lines = new Utf8Buffer(bytes.length);
        int start = 0;
        int data = -1;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                if (at == start && data >= 0) {
                    lines.put(bytes, data, at - data);
                    data = -1;
                } else if (bytes[start] == 'd') {
                    data = start + DATA.length;
                }
                start = at + 1;
            }
        }
        return ByteString.fromArrayUnsafe(lines.toArray());
    }
}
