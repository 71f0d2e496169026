package io.tidegate.feed;

import io.tidegate.document.Document;
import java.util.List;

/**
 * The documents as they were at one position, read piece by piece, ordered by collection and key.
 *
 * <p>Used by one thread at a time. It may stay open for as long as a slow client needs; between two reads it holds no
 * memory to speak of. Methods may block.
 */
public interface Snapshot extends AutoCloseable {

    /** Sequence number of the last update that it includes; 0 before the first. */
    long seq();

    /**
     * Reads on.
     *
     * @param maxBytes stop after the document that reaches this many bytes of keys and values
     * @return empty at the end
     */
    List<Document> read(int maxBytes) throws FeedLogException;

    @Override
    void close();
}
