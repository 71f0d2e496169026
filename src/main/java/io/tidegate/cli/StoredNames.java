package io.tidegate.cli;

import io.tidegate.client.EventLine;
import io.tidegate.client.LineReader;
import io.tidegate.document.Change;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The documents of a snapshot that a server sends, each to be deleted, in the order of their keys. */
final class StoredNames implements ChangeSource {

    private final LineReader lines;
    private long number;
    private boolean isSynced;
    private Change.@Nullable Delete current;

    StoredNames(LineReader lines) {
        this.lines = lines;
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
            case "document" -> current = delete();
            case "synced" -> isSynced = true;
            case "error" -> throw new IOException("refused: " + event.text("message"));
            case "goodbye" -> throw new EOFException("the server said goodbye: " + event.text("reason"));
            default -> {
                // How many there are.
            }
        }
    }

    private Change.Delete delete() throws ProtocolException {
        try {
            Request.Publish document = Request.Publish.ofJson(lines.bytes(), lines.from(), lines.to());
            if (document != null) {
                number++;
                return new Change.Delete(
                        document.change().collection(), document.change().key());
            }
        } catch (RequestException e) {
            // Told below.
        }
        throw new ProtocolException("what the server sends is no document");
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
        return delete == null ? null : ChangeSource.request(delete, id);
    }
}
