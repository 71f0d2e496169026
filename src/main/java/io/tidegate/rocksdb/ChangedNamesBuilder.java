package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes records of the index of changes, see {@link ChangedNames}. Used by one thread; its buffers are reused from record to record. */
final class ChangedNamesBuilder {

    private final Utf8Buffer record = new Utf8Buffer(1024);
    private final Utf8Buffer updates = new Utf8Buffer(1024);
    private final Utf8Buffer table = new Utf8Buffer(128);
    private final Map<Collection, Integer> numbers = new HashMap<>();

    // Neighbours mostly share their collection.
    private @Nullable Collection collection;
    private int number;

    /**
     * The record of one batch, to be taken over before the next one is made.
     *
     * @param bytesBefore of all earlier records
     * @param committedAtMillis since the epoch
     */
    Utf8Buffer build(List<Change> changes, long bytesBefore, long committedAtMillis) {
        record.clear();
        updates.clear();
        table.clear();
        numbers.clear();
        collection = null;
        for (Change change : changes) {
            putNumber(2 * numberOf(change.collection()) + (change instanceof Change.Delete ? 1 : 0));
            byte[] key = change.key().text().getBytes(StandardCharsets.UTF_8);
            putNumber(key.length);
            updates.put(key);
        }
        return record.putLong(committedAtMillis)
                .putLong(bytesBefore)
                .putInt(changes.size())
                .putInt(table.length())
                .put(table)
                .put(updates);
    }

    private int numberOf(Collection wanted) {
        if (!wanted.equals(collection)) {
            collection = wanted;
            Integer known = numbers.putIfAbsent(wanted, numbers.size());
            number = known == null ? addToTable(wanted) : known;
        }
        return number;
    }

    private int addToTable(Collection added) {
        byte[] name = added.name().getBytes(StandardCharsets.UTF_8);
        table.putShort(name.length).put(name);
        return numbers.size() - 1;
    }

    private void putNumber(int value) {
        int rest = value;
        while (rest > 0x7f) {
            updates.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        updates.put((byte) rest);
    }
}
