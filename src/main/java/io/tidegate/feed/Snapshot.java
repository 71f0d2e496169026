package io.tidegate.feed;

import akka.util.ByteString;
import io.tidegate.document.DocumentName;
import io.tidegate.document.DocumentView;
import java.nio.charset.StandardCharsets;
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

    /**
     * The place behind a document, whether it is there or not: its collection and its key, each with a 0 byte behind it. No name has
     * one, so that is the order of the documents.
     */
    static ByteString behind(DocumentName name) {
        String text = name.collection().name() + "\0" + name.key().text() + "\0";
        return ByteString.fromArrayUnsafe(text.getBytes(StandardCharsets.UTF_8));
    }

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
     * @param place {@link #START}, {@link #behind} a document, or what the read of the piece before returned
     * @return the place where the next piece starts; null if all was read
     */
    @Nullable
    ByteString read(ByteString place, Sink sink) throws FeedLogException;

    @Override
    void close();
}
