package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection that follows, and what it has received. Used by the followers' thread. */
final class Follower {

    /** The two halves of how an update of a run begins. */
    private static final long EVENT = Octets.of("{\"event\"");

    private static final long PUT = Octets.of(":\"put\",\"");

    private static final int SEQ = "{\"event\":\"put\",\"seq\":".length();

    private static final byte[] SUBSCRIBED = "{\"event\":\"subscribed\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CAUGHT_UP = "{\"event\":\"caughtup\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEARTBEAT = "{\"event\":\"heartbeat\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELETE = "{\"event\":\"delete\"".getBytes(StandardCharsets.US_ASCII);

    private final Transport transport;
    private final Mark mark;
    private final Documents documents;
    private final int selection;
    private final OrderCheck order;

    /** Null for a laggard: what it was late with says nothing about the server. */
    private final @Nullable Latencies latencies;

    private final SharedBuffer.Leftover leftover = new SharedBuffer.Leftover();

    /** When the bytes came that are being looked at. */
    private long nowNanos;

    private boolean subscribed;
    private long foreign;

    private Follower(
            Transport transport,
            Mark mark,
            Documents documents,
            int selection,
            OrderCheck order,
            @Nullable Latencies latencies) {
        this.transport = transport;
        this.mark = mark;
        this.documents = documents;
        this.selection = selection;
        this.order = order;
        this.latencies = latencies;
    }

    /** One that reads all the time what is in one of the selections. */
    static Follower reader(
            Transport transport, Mark mark, Documents documents, int selection, OrderCheck order, Latencies latencies) {
        return new Follower(transport, mark, documents, selection, order, latencies);
    }

    /** One of everything that stops reading for a while. */
    static Follower laggard(Transport transport, Mark mark, Documents documents, OrderCheck order) {
        return new Follower(transport, mark, documents, 0, order, null);
    }

    boolean isLaggard() {
        return latencies == null;
    }

    SharedBuffer.Leftover leftover() {
        return leftover;
    }

    OrderCheck order() {
        return order;
    }

    boolean isSubscribed() {
        return subscribed;
    }

    /** Updates of the collection that this run did not publish. */
    long foreign() {
        return foreign;
    }

    /**
     * Takes what was just read.
     *
     * @return what has to be sent back
     */
    byte[] take(SharedBuffer buffer, long nowNanos) throws BenchFailure {
        this.nowNanos = nowNanos;
        int end = transport.take(buffer.bytes(), buffer.from(), buffer.to(), this);
        buffer.keep(end, leftover);
        return transport.answer();
    }

    /** Takes one event, which ends before {@code to}. */
    void event(byte[] bytes, int from, int to) throws BenchFailure {
        boolean put = isPut(bytes, from, to);
        int value = to - 1 - mark.valueBytes();
        int publisher = put && value > from ? mark.publisher(bytes, value) : -1;
        if (publisher >= 0) {
            if (documents.selectionOf(bytes, value) != selection) {
                throw new BenchFailure("the server sent what was not selected: " + Octets.shown(bytes, from, to));
            }
            order.take(publisher, Mark.number(bytes, value), Octets.decimal(bytes, from + SEQ, value));
            if (latencies != null) {
                latencies.record(Mark.nanos(bytes, value), nowNanos);
            }
        } else if (put || Octets.startsWith(bytes, from, to, DELETE)) {
            foreign++;
        } else if (Octets.startsWith(bytes, from, to, SUBSCRIBED)) {
            subscribed = true;
        } else if (!Octets.startsWith(bytes, from, to, HEARTBEAT) && !Octets.startsWith(bytes, from, to, CAUGHT_UP)) {
            throw new BenchFailure("the server sent " + Octets.shown(bytes, from, to));
        }
    }

    private static boolean isPut(byte[] bytes, int from, int to) {
        return to - from > SEQ && Octets.at(bytes, from) == EVENT && Octets.at(bytes, from + Long.BYTES) == PUT;
    }
}
