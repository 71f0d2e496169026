package io.tidegate.cli;

import io.tidegate.client.ChangeLine;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;

/** The documents of a file, each to be put under a key of its own. */
final class KeyedDocuments extends FileChanges {

    private final Collection collection;
    private final KeyRule keys;

    private boolean anySent;

    KeyedDocuments(DocumentSource source, Collection collection, KeyRule keys) {
        super(source);
        this.collection = collection;
        this.keys = keys;
    }

    @Override
    public byte[] request(String id) {
        Json document = document();
        if (!anySent) {
            source.requireNoEvent();
        }
        var put = new Change.Put(collection, keys.keyOf(document, source.number()), document);
        anySent = true;
        return ChangeLine.of(put, id);
    }

    /** A file that begins with something else than JSON is most likely another kind of file. */
    private Json document() {
        try {
            return source.document();
        } catch (IllegalArgumentException e) {
            throw anySent ? e : new IllegalArgumentException(e.getMessage() + source.look(), e);
        }
    }
}
