package io.tidegate.listener;

import io.tidegate.connection.Connection;
import io.tidegate.ledger.CloseReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a listener on which everybody gets in: when it is full, the one that has waited longest for a request
 * makes room for who comes.
 *
 * <p>Connections are added and asked for room by one thread, and end on others.
 */
final class Crowd {

    /** Who has just come is about to say what it wants, and what it was answered may be on its way. */
    private static final Duration RIPE = Duration.ofMillis(100);

    private final int mostLeaving;
    private final Set<Connection> staying = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<Connection> leaving = new ArrayDeque<>();

    /**
     * An empty one.
     *
     * @param mostLeaving how many may be waited for that were told to go; beyond it the first of them is reset
     */
    Crowd(int mostLeaving) {
        this.mostLeaving = mostLeaving;
    }

    void add(Connection connection) {
        staying.add(connection);
        var unused = connection.ended().whenComplete((ending, failure) -> staying.remove(connection));
    }

    /** Whether somebody could be told to go. */
    boolean makeRoom(long nowNanos) {
        Connection longest = longestIdle(nowNanos);
        if (longest == null) {
            return false;
        }
        longest.endIdle();
        staying.remove(longest);
        leaving.removeIf(Connection::isReleased);
        leaving.add(longest);
        if (leaving.size() > mostLeaving) {
            leaving.remove().abort(CloseReason.LINGERED);
        }
        return true;
    }

    private @Nullable Connection longestIdle(long nowNanos) {
        Connection longest = null;
        long since = nowNanos - RIPE.toNanos();
        for (Connection each : staying) {
            long idleSince = each.idleSince();
            if (idleSince != 0 && idleSince - since <= 0) {
                longest = each;
                since = idleSince;
            }
        }
        return longest;
    }
}
