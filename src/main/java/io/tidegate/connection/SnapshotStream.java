package io.tidegate.connection;

import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.ledger.Following;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/** The documents of a snapshot on their way to one client, behind their number if that is known. */
final class SnapshotStream {

    private final Request.Reading request;
    private final SnapshotReader reader;
    private final Runnable place;
    private final Words words;

    /** Read before it was asked for. */
    private @Nullable EventLines first;

    private boolean isOpen;
    private boolean begun;

    /**
     * A stream that has not begun.
     *
     * @param request that the documents are read for
     * @param reader closed with it
     * @param place given back with it
     * @param words takes what comes in front of the documents
     */
    SnapshotStream(Request.Reading request, SnapshotReader reader, Runnable place, Words words) {
        this.request = request;
        this.reader = reader;
        this.place = place;
        this.words = words;
    }

    Request.Reading request() {
        return request;
    }

    /** Looks whether its position is known, which is so as soon as it has something to give. */
    boolean open() throws FeedLogException {
        if (!isOpen) {
            first = reader.poll();
            isOpen = first != null || reader.isAtEnd();
        }
        return isOpen;
    }

    /** A piece of the documents; null if none is there yet, or at the end. */
    @Nullable
    EventLines poll() throws FeedLogException {
        if (!open()) {
            return null;
        }
        EventLines lines = first == null ? reader.poll() : first;
        first = null;
        if (lines != null && !begun) {
            begun = true;
            reader.total().ifPresent(documents -> Events.snapshot(documents, words.lines()));
        }
        return lines;
    }

    boolean isAtEnd() {
        return first == null && reader.isAtEnd();
    }

    /** Where in the feed the documents were like that; 0 before that is known. */
    long seq() {
        return isOpen ? reader.seq() : 0;
    }

    /**
     * How far the client has got that asked for them.
     *
     * @param head of the feed
     */
    Following following(long head) {
        // A client that only syncs is not owed what comes after it.
        long lag = request instanceof Request.Follow && seq() > 0 ? head - seq() : 0;
        return new Following(Following.Progress.SNAPSHOT, request.selection(), seq(), lag);
    }

    /** How many were given. */
    long documents() {
        return reader.documents();
    }

    void close() {
        reader.close();
        place.run();
    }
}
