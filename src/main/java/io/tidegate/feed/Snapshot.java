package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.DocumentView;
import org.jspecify.annotations.Nullable;

/**
 * The documents as they were at one position, read piece by piece, ordered by collection and key.
 *
 * <p>It may stay open for as long as a slow client needs; between two reads it holds no memory to speak of. Any number of
 * threads may read, each at its own place. Methods may block.
 */
public interface Snapshot extends AutoCloseable {

    /** The place before the first document. */
    ByteString START = ByteString.emptyByteString();

    /** Takes the documents of a piece. */
    interface Sink {

        /**
         * The next document.
         *
         * @param document valid only during this call
         * @return whether the piece goes on
         */
        boolean take(DocumentView document);
    }

    /** Sequence number of the last update that it includes; 0 before the first. */
    long seq();

    /**
     * Reads a piece.
     *
     * @param place {@link #START}, or what the read of the piece before returned
     * @return the place where the next piece starts; null if all was read
     */
    @Nullable
    ByteString read(ByteString place, Sink sink) throws FeedLogException;

    @Override
    void close();
}
