package io.tidegate.cli;

import io.tidegate.client.EventLine;
import io.tidegate.client.LineReader;
import io.tidegate.document.Counted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Copies a snapshot from a server to the output, in pieces as large as they come. */
final class SnapshotCopy {

    /** How the event of a document begins. */
    static final byte[] DOCUMENT = "{\"event\":\"document\",".getBytes(StandardCharsets.US_ASCII);

    private final Output output;
    private long documents;
    private long expected = -1;
    private boolean synced;

    SnapshotCopy(Output output) {
        this.output = output;
    }

    /** How many documents were copied, and of how many, if the server has said that. */
    String progress() {
        return expected < 0 ? Counted.of(documents, "document") : documents + " of " + Counted.of(expected, "document");
    }

    /** What was copied, when all is. */
    String copied() {
        return Counted.of(documents, "document");
    }

    /** Copies up to the event that ends the snapshot. */
    void copy(LineReader lines) throws IOException, CommandEnd {
        while (!synced) {
            if (!lines.next()) {
                throw new EOFException("the server closed it");
            }
            copyBuffered(lines);
        }
    }

    private void copyBuffered(LineReader lines) throws IOException, CommandEnd {
        int from = lines.from();
        do {
            take(lines);
        } while (!synced && lines.nextBuffered());
        output.write(lines.bytes(), from, lines.end());
    }

    private void take(LineReader line) throws IOException, CommandEnd {
        if (isDocument(line)) {
            documents++;
            return;
        }
        EventLine event = EventLine.of(line);
        if (event.is("error")) {
            throw CommandEnd.failed("refused: " + event.text("message"));
        }
        if (event.is("goodbye")) {
            throw new EOFException("the server said goodbye: " + event.text("reason"));
        }
        if (event.is("snapshot")) {
            expected = event.number("documents");
        }
        synced = event.is("synced");
    }

    /** Hundreds of megabytes of documents may come: this is all that is looked at in them. */
    private static boolean isDocument(LineReader line) {
        int end = Math.min(line.from() + DOCUMENT.length, line.to());
        return Arrays.equals(line.bytes(), line.from(), end, DOCUMENT, 0, DOCUMENT.length);
    }
}
