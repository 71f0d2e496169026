package io.tidegate.feed;

import io.tidegate.document.Changed;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;

/** Writes what the feed hands out in the form in which it is stored and sent. Implemented by the wire; thread-safe. */
public interface EventEncoder {

    /**
     * Appends one update as one line, its end included.
     *
     * @return after how many bytes of the line the key begins, less than 65,536: who selects by key looks there
     */
    int update(Update update, Utf8Buffer target);

    /** Appends a document in its newest form as the update that left it so, its end included. */
    void changed(Changed document, Utf8Buffer target);

    /** Appends one document of a snapshot as one line, its end included. */
    void document(DocumentView document, Utf8Buffer target);
}
