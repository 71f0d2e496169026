package io.tidegate.shared;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node tells the others of itself, and when: every now and then, and at once when clients may no longer come, or may again.
 *
 * <p>Thread-safe. Time passes by {@link #look}.
 */
final class Announcements {

    private final long intervalNanos;

    // Guarded by this.
    private @Nullable Node self;
    private LongSupplier head = () -> 0;
    private boolean isLeaving;
    private @Nullable Node told;
    private long toldNanos;
    private long nowNanos;

    Announcements(Duration interval) {
        intervalNanos = interval.toNanos();
    }

    /**
     * From now on there is something to tell.
     *
     * @param node what stays the same
     * @param shown sequence number of what this node has shown last
     */
    synchronized void begin(Node node, LongSupplier shown) {
        self = node;
        head = shown;
    }

    synchronized void leave(boolean leaves) {
        isLeaving = leaves;
    }

    synchronized void look(long now) {
        nowNanos = now;
    }

    /** What this node has shown last; 0 if it is not known yet. */
    synchronized long head() {
        return head.getAsLong();
    }

    /** This node as it is now; null if there is nothing to tell yet. */
    synchronized @Nullable Node now(long offset, boolean isReady) {
        return self == null ? null : self.at(head.getAsLong(), offset).standing(isLeaving, isReady);
    }

    /** Whether it goes by the name of this node, and is another one. */
    synchronized boolean isNamesake(Node other) {
        return self != null
                && self.name().equals(other.name())
                && !(Objects.equals(self.tcp(), other.tcp())
                        && Objects.equals(self.http(), other.http())
                        && Objects.equals(self.admin(), other.admin()));
    }

    /** Whether that is to be told now. If it is, it counts as told. */
    synchronized boolean takeDue(Node now) {
        boolean isDue = told == null
                || told.isLeaving() != now.isLeaving()
                || told.isReady() != now.isReady()
                || nowNanos - toldNanos >= intervalNanos;
        if (isDue) {
            told = now;
            toldNanos = nowNanos;
        }
        return isDue;
    }
}
