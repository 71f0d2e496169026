package io.tidegate.feed;

import akka.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Event lines on their way to a client, and what of them the ledger counts.
 *
 * <p>Shared by the followers at the same place, and so are the forms in which their transports send them: each is made for the
 * first who asks. Thread-safe.
 */
public final class EventLines {

    static final EventLines NONE = withoutUpdates(ByteString.emptyByteString());

    /** Another form of the same lines. */
    private record Form(EventLines lines, @Nullable Form next) {}

    private final ByteString bytes;
    private final int updates;
    private final long lastSeq;
    private final Framing framing;
    private volatile @Nullable Form forms;

    /**
     * Lines as they are.
     *
     * @param bytes whole lines
     * @param updates how many of the lines are updates
     * @param lastSeq sequence number of the last of these updates; 0 if there is none
     */
    public EventLines(ByteString bytes, int updates, long lastSeq) {
        this(bytes, updates, lastSeq, Framing.LINES);
    }

    private EventLines(ByteString bytes, int updates, long lastSeq, Framing framing) {
        this.bytes = bytes;
        this.updates = updates;
        this.lastSeq = lastSeq;
        this.framing = framing;
    }

    /** Bytes of which the ledger counts no more than their number. */
    public static EventLines withoutUpdates(ByteString bytes) {
        return new EventLines(bytes, 0, 0);
    }

    /** In the form in which they are sent. */
    public ByteString bytes() {
        return bytes;
    }

    /** How many of the lines are updates. */
    public int updates() {
        return updates;
    }

    /** Sequence number of the last of these updates; 0 if there is none. */
    public long lastSeq() {
        return lastSeq;
    }

    public boolean isEmpty() {
        return bytes.isEmpty();
    }

    public int size() {
        return bytes.size();
    }

    /** The lines that a client has who was sent so many of the bytes; the last one may be cut. */
    public ByteString linesIn(int sentBytes) {
        return framing.linesIn(bytes.take(sentBytes));
    }

    /** These lines in the form of a transport: the same object for all who ask. */
    public EventLines framed(Framing wanted) {
        if (wanted == framing) {
            return this;
        }
        EventLines known = find(wanted);
        return known == null ? frame(wanted) : known;
    }

    private @Nullable EventLines find(Framing wanted) {
        for (Form form = forms; form != null; form = form.next()) {
            if (form.lines().framing == wanted) {
                return form.lines();
            }
        }
        return null;
    }

    /** Who comes while it is being made waits: to make it twice would take as long, and would be sent from two copies. */
    private synchronized EventLines frame(Framing wanted) {
        EventLines known = find(wanted);
        if (known == null) {
            known = new EventLines(wanted.frame(bytes), updates, lastSeq, wanted);
            forms = new Form(known, forms);
        }
        return known;
    }

    /** The first of lines that are no updates. */
    EventLines first(int lines) {
        byte[] array = bytes.toArrayUnsafe();
        int end = 0;
        for (int i = 0; i < lines && end < array.length; i++) {
            while (array[end] != '\n') {
                end++;
            }
            end++;
        }
        return end == array.length ? this : withoutUpdates(bytes.take(end));
    }

    /** These lines, then the others. */
    EventLines concat(EventLines next) {
        return new EventLines(
                bytes.concat(next.bytes), updates + next.updates, next.updates == 0 ? lastSeq : next.lastSeq);
    }

    /** The same lines after bytes of the same form that are no updates. */
    public EventLines after(ByteString first) {
        return new EventLines(first.concat(bytes), updates, lastSeq, framing);
    }

    /** The same lines in one array. */
    EventLines compact() {
        return new EventLines(bytes.compact(), updates, lastSeq);
    }

    @Override
    public String toString() {
        return "EventLines[" + size() + " bytes, " + updates + " updates, last " + lastSeq + "]";
    }
}
