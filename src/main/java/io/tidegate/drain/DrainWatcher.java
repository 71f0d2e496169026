package io.tidegate.drain;

/** Who wants to know how a drain goes on. Called by one thread at a time, in order; must not block. */
public interface DrainWatcher {

    /** Another phase was reached. */
    void phaseChanged(DrainStatus status);

    /** A second has passed. */
    void progressed(DrainStatus status);

    /** All connections have ended. */
    void reported(DrainReport report);
}
