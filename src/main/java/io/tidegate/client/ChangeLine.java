package io.tidegate.client;

import io.tidegate.document.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A change as a line of the line protocol. */
public final class ChangeLine {

    /** Of a line, beside a value: words, names as most of them are, and an id. */
    private static final int ROOM = 200;

    private ChangeLine() {}

    /**
     * The whole line, with its LF.
     *
     * @param id by which it takes effect once, however often it is sent
     */
    public static byte[] of(Change change, String id) {
        var put = change instanceof Change.Put found ? found : null;
        var line =
                new ByteArrayOutputStream(ROOM + (put == null ? 0 : put.value().length()));
        String words = (put == null ? "delete " : "put ") + change.collection() + " "
                + change.key().word() + " @id=" + id;
        line.writeBytes(words.getBytes(StandardCharsets.UTF_8));
        if (put != null) {
            line.write(' ');
            write(put, line);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static void write(Change.Put put, ByteArrayOutputStream line) {
        try {
            put.value().writeTo(line);
        } catch (IOException e) {
            throw new AssertionError("writing to memory", e);
        }
    }
}
