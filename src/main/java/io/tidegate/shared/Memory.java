package io.tidegate.shared;

import io.tidegate.document.Sha256;
import io.tidegate.feed.OrderState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a node remembers of the log that it has read, in the store beside what it made of it.
 *
 * <pre>
 *  form (1) │ identity of the log: bytes (2), ASCII │ base (8) │ next offset (8) │ term (4) │ lives
 * </pre>
 *
 * @param identity of the log
 * @param base what the store had counted up to when the log began; 0 if it had nothing
 * @param place where reading goes on
 */
record Memory(String identity, long base, SharedLog.Place place, Lives lives) {

    private static final byte FORM = 1;

    /** Of a node that has read nothing. */
    static Memory none(String identity) {
        return new Memory(identity, 0, SharedLog.Place.START, new Lives());
    }

    /** What a store remembers; empty if it is of no shared feed. */
    static Optional<Memory> of(OrderState state) throws SharedLogException {
        if (state.memory().length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(ByteBuffer.wrap(state.memory())));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new SharedLogException(
                    SharedLogException.Kind.DIVERGED,
                    "the store does not say how far it has read the shared log: move it away, and the node reads the log anew",
                    e);
        }
    }

    private static Memory read(ByteBuffer from) {
        if (from.get() != FORM) {
            throw new IllegalArgumentException("another form");
        }
        byte[] identity = new byte[from.getShort()];
        from.get(identity);
        long base = from.getLong();
        var place = new SharedLog.Place(from.getLong(), from.getInt());
        return new Memory(new String(identity, StandardCharsets.US_ASCII), base, place, Lives.read(from));
    }

    Memory at(SharedLog.Place further) {
        return new Memory(identity, base, further, lives);
    }

    OrderState state() {
        byte[] name = identity.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer to = ByteBuffer.allocate(1 + 2 + name.length + 8 + 8 + 4 + lives.bytes());
        to.put(FORM)
                .putShort((short) name.length)
                .put(name)
                .putLong(base)
                .putLong(place.next())
                .putInt(place.term());
        lives.write(to);
        return new OrderState(base + place.next(), to.array());
    }

    /** By which records tell of which feed they are. */
    static long feed(String identity) {
        return ByteBuffer.wrap(digest(identity)).getLong();
    }

    /** The name of the epoch of a log's feed: a letter, and 11 letters and digits. */
    static String epoch(String identity) {
        var name = new StringBuilder("k");
        ByteBuffer from = ByteBuffer.wrap(digest(identity));
        for (int i = 0; i < 11; i++) {
            name.append(Character.forDigit((from.get() & 0xff) % 36, 36));
        }
        return name.toString();
    }

    private static byte[] digest(String identity) {
        return Sha256.of(identity.getBytes(StandardCharsets.UTF_8));
    }
}
