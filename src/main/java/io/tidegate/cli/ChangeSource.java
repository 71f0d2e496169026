package io.tidegate.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Changes that are to be sent, one after the other. For one thread, but for {@link #unit}. */
interface ChangeSource {

    /**
     * Goes to the next one, and waits for it if need be.
     *
     * @return false at the end
     * @throws IllegalArgumentException with a message for the user if there should be more
     */
    boolean next() throws IOException;

    /** Goes to the next one if all of it was read already. */
    boolean nextBuffered() throws IOException;

    /** Which line or item it is, counted from 1. */
    long number();

    long bytesRead();

    /** What is counted. By any thread. */
    String unit();

    /**
     * The request for the current one.
     *
     * @param id for a change that has none of its own
     * @return null if nothing is to be sent for it
     * @throws IllegalArgumentException with a message for the user if it is none
     */
    byte @Nullable [] request(String id);
}
