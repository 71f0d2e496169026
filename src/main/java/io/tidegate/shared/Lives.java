package io.tidegate.shared;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which records count, so that what was lost, doubled or late makes no difference between nodes: a record counts if it is the next of a
 * life that is not over.
 *
 * <pre>
 *  life A: 1 2 3 3 5      3 is doubled: the second does not count; 4 was lost: 5 does not count either
 *  life B: 1 (A is over)  whatever comes of A from here on does not count, and its node knows that for certain
 * </pre>
 *
 * <p>All that decides is in the log, and the time is the log's: every node that has read up to a place has the same. Used by one thread.
 */
final class Lives {

    /** By then nothing of a life that was quiet is on its way any more. */
    private static final long FORGOTTEN_AFTER_MILLIS = Duration.ofDays(1).toMillis();

    private static final int ENTRY_BYTES = Life.BYTES + 8 + 1 + 8;

    /**
     * How a life stands.
     *
     * @param last number of its last record that counted
     * @param isOver nothing more of it counts
     * @param seenMillis when its last record came, by the log
     */
    private record Standing(long last, boolean isOver, long seenMillis) {}

    private final Map<Life, Standing> all = new HashMap<>();
    private long millis;

    /** Time of the newest record; never goes back. */
    long millis() {
        return millis;
    }

    /** Whether a record counts. If it does, it is not the next any more. */
    boolean admit(Header header, long atMillis) {
        millis = Math.max(millis, atMillis);
        all.values().removeIf(standing -> millis - standing.seenMillis() > FORGOTTEN_AFTER_MILLIS);
        var before = all.getOrDefault(header.life(), new Standing(0, false, millis));
        if (before.isOver() || header.number() != before.last() + 1) {
            return false;
        }
        all.put(header.life(), new Standing(header.number(), false, millis));
        return true;
    }

    /** Whether a record that does not count is behind one that never came, or of a life that was forgotten. */
    boolean isMissingBefore(Header header) {
        Standing standing = all.get(header.life());
        return standing == null || (!standing.isOver() && header.number() > standing.last() + 1);
    }

    /** From here on nothing of these counts. */
    void end(List<Life> former) {
        for (Life life : former) {
            var before = all.getOrDefault(life, new Standing(0, true, millis));
            all.put(life, new Standing(before.last(), true, millis));
        }
    }

    Lives copy() {
        var copy = new Lives();
        copy.all.putAll(all);
        copy.millis = millis;
        return copy;
    }

    int bytes() {
        return 8 + 4 + all.size() * ENTRY_BYTES;
    }

    void write(ByteBuffer to) {
        to.putLong(millis).putInt(all.size());
        all.forEach((life, standing) -> {
            to.put(life.bytes());
            to.putLong(standing.last()).put((byte) (standing.isOver() ? 1 : 0)).putLong(standing.seenMillis());
        });
    }

    /** @throws BufferUnderflowException if it is not whole */
    static Lives read(ByteBuffer from) {
        var lives = new Lives();
        lives.millis = from.getLong();
        for (int count = from.getInt(); count > 0; count--) {
            Life life = Life.read(from);
            lives.all.put(life, new Standing(from.getLong(), from.get() == 1, from.getLong()));
        }
        return lives;
    }
}
