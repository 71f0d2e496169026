package io.tidegate.wire;

import org.jspecify.annotations.Nullable;

/**
 * Finds elements in the chunks of one connection's input; knows nothing of streams, and never fails.
 *
 * <p>Not thread-safe.
 *
 * @param <I> chunks
 * @param <O> what is found in them; any number of them in one chunk, or one across many
 */
public interface Decoder<I, O> {

    /**
     * An element that has begun and is not whole.
     *
     * @param number tells it from those before and after it
     * @param bytes how much of it is there
     */
    record Begun(long number, long bytes) {}

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

    /** What has begun and is not whole, after {@link #next} found nothing more; null if there is nothing. */
    default @Nullable Begun begun() {
        return null;
    }

    /** A decoder that finds in this one's elements what {@code inner} does. This one has nothing to say of a rest, the other one has none. */
    default <P> Decoder<I, P> then(Decoder<O, P> inner) {
        Decoder<I, O> outer = this;
        return new Decoder<>() {
            @Override
            public void take(I chunk) {
                outer.take(chunk);
            }

            @Override
            public @Nullable P next() {
                P found = inner.next();
                while (found == null) {
                    O element = outer.next();
                    if (element == null) {
                        return null;
                    }
                    inner.take(element);
                    found = inner.next();
                }
                return found;
            }

            @Override
            public @Nullable P last() {
                return inner.last();
            }

            @Override
            public @Nullable Begun begun() {
                return outer.begun();
            }
        };
    }
}
