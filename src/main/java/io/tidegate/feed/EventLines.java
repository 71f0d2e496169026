package io.tidegate.feed;

import akka.util.ByteString;

/**
 * Event lines on their way to a client, and what of them the ledger counts.
 *
 * @param bytes whole lines
 * @param updates how many of the lines are updates
 * @param lastSeq sequence number of the last of these updates; 0 if there is none
 */
public record EventLines(ByteString bytes, int updates, long lastSeq) {

    static final EventLines NONE = withoutUpdates(ByteString.emptyByteString());

    public static EventLines withoutUpdates(ByteString bytes) {
        return new EventLines(bytes, 0, 0);
    }

    public boolean isEmpty() {
        return bytes.isEmpty();
    }

    public int size() {
        return bytes.size();
    }

    /** These lines, then the others. */
    EventLines concat(EventLines next) {
        return new EventLines(
                bytes.concat(next.bytes), updates + next.updates, next.updates == 0 ? lastSeq : next.lastSeq);
    }

    /** The same lines after some that are no updates. */
    public EventLines after(ByteString first) {
        return new EventLines(first.concat(bytes), updates, lastSeq);
    }

    /** The same lines in one array. */
    EventLines compact() {
        return new EventLines(bytes.compact(), updates, lastSeq);
    }
}
