package io.tidegate.wire;

import java.util.ArrayList;
import java.util.List;

/** What decoders find, as tests want to see it. */
public final class Decoding {

    private Decoding() {}

    /** All that is found in these chunks, the end of the input after them included. */
    public static <I, O> List<O> all(Decoder<I, O> decoder, Iterable<I> chunks) {
        List<O> found = new ArrayList<>();
        for (I chunk : chunks) {
            found.addAll(next(decoder, chunk));
        }
        O last = decoder.last();
        if (last != null) {
            found.add(last);
        }
        return found;
    }

    /** What is found with one more chunk. */
    public static <I, O> List<O> next(Decoder<I, O> decoder, I chunk) {
        List<O> found = new ArrayList<>();
        decoder.take(chunk);
        for (O element = decoder.next(); element != null; element = decoder.next()) {
            found.add(element);
        }
        return found;
    }
}
