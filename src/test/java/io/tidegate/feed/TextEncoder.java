package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;

/** Writes updates and documents in the shortest way that a test can read: {@code 7 orders/o-17 {"qty":5}}. */
public final class TextEncoder implements EventEncoder {

    @Override
    public int update(Update update, Utf8Buffer target) {
        put(line(update), target);
        return (update.seq() + " " + update.change().collection() + "/").getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void changed(Changed document, Utf8Buffer target) {
        put(
                document.seq() + " " + document.name() + " " + (document.value() == null ? "-" : document.value())
                        + "\n",
                target);
    }

    static String line(Update update) {
        Change change = update.change();
        String value = change instanceof Change.Put put ? put.value().toString() : "-";
        return update.seq() + " " + change.collection() + "/" + change.key() + " " + value + "\n";
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
