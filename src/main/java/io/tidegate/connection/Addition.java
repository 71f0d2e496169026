package io.tidegate.connection;

import io.tidegate.document.Selection;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Selectors on their way into a subscription: a client that follows some documents is to follow more of them.
 *
 * <pre>
 *  cursor, of before:  ──── updates up to q ────┐ held              ┌ of all ──►
 *  snapshot of what is added:  opens, at q      └ documents at q ───┘
 * </pre>
 *
 * <p>So every update up to q comes before the documents, and every one after q comes behind them.
 */
final class Addition {

    private final Subscription cursor;
    private final SnapshotStream documents;
    private final Selection all;
    private boolean isOpen;

    /**
     * An addition that has just been asked for.
     *
     * @param head where the feed was before the snapshot was asked for, which is not older: the cursor waits there for it
     * @param documents of what is added
     * @param all what the subscription covers in the end
     */
    Addition(Subscription cursor, long head, SnapshotStream documents, Selection all) {
        this.cursor = cursor;
        this.documents = documents;
        this.all = all;
        cursor.holdAt(head);
    }

    Selection all() {
        return all;
    }

    /**
     * Looks how far it has come.
     *
     * @return whether everything of before was handed out, and the documents are next
     * @throws FeedLogException if the documents cannot be read
     */
    boolean isDue() throws FeedLogException {
        if (!isOpen && documents.open()) {
            isOpen = true;
            cursor.holdAt(documents.seq());
        }
        return isOpen && cursor.isHeld();
    }

    /** A piece of the documents; null if none is there yet, or at the end. Only when they are due. */
    @Nullable
    EventLines poll() throws FeedLogException {
        return documents.poll();
    }

    boolean isAtEnd() {
        return documents.isAtEnd();
    }

    /** Where the documents are those of. Only when they are due. */
    long seq() {
        return documents.seq();
    }

    /** How many documents were given. */
    long documents() {
        return documents.documents();
    }

    /** The subscription covers all from here on. */
    void end() {
        cursor.select(all);
        close();
    }

    /** The subscription goes on; as before, if this has not ended. */
    void close() {
        documents.close();
        cursor.goOn();
    }
}
