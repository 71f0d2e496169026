package io.tidegate.drain;

/** What can be told to stop. Both methods return at once, may be called from any thread, and may be repeated. */
public interface Drainable {

    /**
     * Begins the clean end, unless it has begun.
     *
     * @param reason names the trigger in the log and in the report, for example {@code SIGTERM}
     * @return which drain goes on now, counted from 1: a drain that was cancelled is followed by another
     */
    int beginDrain(String reason);

    /** Aborts whatever the drain still waits for; begins the drain if it has not begun. */
    void force(String reason);
}
