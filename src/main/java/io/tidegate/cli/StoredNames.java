package io.tidegate.cli;

import io.tidegate.client.ChangeLine;
import io.tidegate.client.EventLine;
import io.tidegate.client.LineReader;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The documents of a snapshot that a server sends, each to be deleted, in the order of their keys. */
final class StoredNames implements ChangeSource {

    private final LineReader lines;
    private final Collection collection;
    private long number;
    private boolean isSynced;
    private Change.@Nullable Delete current;

    /** @param collection whose documents come */
    StoredNames(LineReader lines, Collection collection) {
        this.lines = lines;
        this.collection = collection;
    }

    @Override
    public boolean next() throws IOException {
        current = null;
        while (current == null && !isSynced) {
            if (!lines.next()) {
                throw new EOFException("the server closed it");
            }
            take();
        }
        return !isSynced;
    }

    @Override
    public boolean nextBuffered() throws IOException {
        current = null;
        while (current == null && !isSynced && lines.nextBuffered()) {
            take();
        }
        return current != null;
    }

    private void take() throws IOException {
        EventLine event = EventLine.of(lines);
        switch (event.kind()) {
            case "document" -> current = delete(event);
            case "synced" -> isSynced = true;
            case "error" -> throw new IOException("refused: " + event.text("message"));
            case "goodbye" -> throw new EOFException("the server said goodbye: " + event.text("reason"));
            default -> {
                // How many there are.
            }
        }
    }

    /** Of whatever name: what was put by an older version can be deleted, too. */
    private Change.Delete delete(EventLine document) throws ProtocolException {
        if (!document.text("collection").equals(collection.name())) {
            throw new ProtocolException("the server sends documents of another collection");
        }
        try {
            number++;
            return new Change.Delete(collection, new Key(document.text("key")));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("what the server sends is no document");
        }
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public String unit() {
        return "document";
    }

    @Override
    public byte @Nullable [] request(String id) {
        Change.Delete delete = current;
        return delete == null ? null : ChangeLine.of(delete, id);
    }
}
