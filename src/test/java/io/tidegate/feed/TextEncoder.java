package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes updates and documents in the shortest way that a test can read: {@code 7 orders/o-17 {"qty":5}}. Who selects by key needs
 * the keys as they are in event lines, quoted.
 */
public final class TextEncoder implements EventEncoder {

    private final boolean quotesKeys;

    public TextEncoder() {
        this(false);
    }

    private TextEncoder(boolean quotesKeys) {
        this.quotesKeys = quotesKeys;
    }

    static TextEncoder quotingKeys() {
        return new TextEncoder(true);
    }

    @Override
    public int update(Update update, Utf8Buffer target) {
        put(quotesKeys ? quotedLine(update) : line(update), target);
        String beforeTheKey = update.seq() + " " + update.change().collection() + (quotesKeys ? "/\"" : "/");
        return beforeTheKey.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void changed(Changed document, Utf8Buffer target) {
        put(
                line(
                        document.seq(),
                        document.name().collection(),
                        key(document.name().key()),
                        document.value()),
                target);
    }

    static String line(Update update) {
        Change change = update.change();
        return line(
                update.seq(),
                change.collection(),
                change.key().text(),
                change instanceof Change.Put put ? put.value() : null);
    }

    static String quotedLine(Update update) {
        Change change = update.change();
        return line(
                update.seq(),
                change.collection(),
                "\"" + change.key() + "\"",
                change instanceof Change.Put put ? put.value() : null);
    }

    private String key(Key key) {
        return quotesKeys ? "\"" + key + "\"" : key.text();
    }

    private static String line(long seq, Collection collection, String key, @Nullable Json value) {
        return seq + " " + collection + "/" + key + " " + (value == null ? "-" : value) + "\n";
    }

    @Override
    public void document(DocumentView document, Utf8Buffer target) {
        put(document.collection() + "/", target);
        document.writeKey(target);
        put(" ", target);
        document.writeValue(target);
        put("\n", target);
    }

    private static void put(String text, Utf8Buffer target) {
        target.put(text.getBytes(StandardCharsets.UTF_8));
    }
}
