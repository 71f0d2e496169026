package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventEncoder;
import java.nio.charset.StandardCharsets;

/** One line of plain text for each update: {@code 3 orders/o-1 {"qty":5}}, or {@code 4 orders/o-1 gone}. */
final class PlainLines implements EventEncoder {

    @Override
    public int update(Update update, Utf8Buffer target) {
        Change change = update.change();
        String value = change instanceof Change.Put put ? put.value().toString() : "gone";
        byte[] start = utf8(update.seq() + " " + change.collection() + "/");
        target.put(start).put(utf8(change.key() + " " + value + "\n"));
        return start.length;
    }

    @Override
    public void changed(Changed document, Utf8Buffer target) {
        throw new UnsupportedOperationException("the store does not encode documents");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void document(DocumentView document, Utf8Buffer target) {
        throw new UnsupportedOperationException("the store does not encode documents");
    }
}
