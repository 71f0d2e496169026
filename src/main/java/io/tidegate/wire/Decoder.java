package io.tidegate.wire;

import org.jspecify.annotations.Nullable;

/**
 * Finds elements in the chunks of one connection's input; knows nothing of streams, and never fails.
 *
 * <p>{@link DecoderStage} makes a stage of it. Not thread-safe.
 *
 * @param <I> chunks
 * @param <O> what is found in them; any number of them in one chunk, or one across many
 */
public interface Decoder<I, O> {

    /** Takes the next chunk, after {@link #next} found nothing more in the one before. */
    void take(I chunk);

    /** The next element; null when another chunk is needed for it. */
    @Nullable
    O next();

    /**
     * What is to be said of the rest when the input ends here; null if nothing. Called once, after {@link #next} found
     * nothing more.
     */
    default @Nullable O last() {
        return null;
    }
}
