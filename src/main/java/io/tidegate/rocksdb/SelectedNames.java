package io.tidegate.rocksdb;

import io.tidegate.document.Collection;
import io.tidegate.document.Keys;
import io.tidegate.document.Selection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/**
 * Goes over those names of records of the index of changes that a selection includes.
 *
 * <p>It makes no objects for names: what it knows of a collection is looked up once for all records in a row that have the same ones.
 * Not thread-safe.
 */
final class SelectedNames {

    /** What is asked of a collection, the same object each time. */
    record Part(Collection collection, Keys keys) {}

    private final Selection selection;
    private final Map<String, Part> parts = new HashMap<>();

    private byte[] table = new byte[0];
    private List<Part> tableParts = List.of();
    private boolean isConcerned;

    SelectedNames(Selection selection) {
        this.selection = selection;
    }

    /** Whether an update after {@code seq} in a record that nobody has looked at is included. */
    boolean concernsAny(ChangedNames names, long seq) throws RocksDBException {
        read(names);
        return advance(names, seq);
    }

    /** Has to come before {@link #advance} for each record. */
    void read(ChangedNames names) throws RocksDBException {
        int end = names.tableEnd();
        if (!Arrays.equals(names.bytes(), ChangedNames.HEADER_BYTES, end, table, 0, table.length)) {
            table = Arrays.copyOfRange(names.bytes(), ChangedNames.HEADER_BYTES, end);
            try {
                tableParts = parts(names);
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw names.damaged(e);
            }
            isConcerned = tableParts.stream().anyMatch(part -> part.keys() != Keys.NONE);
        }
    }

    private List<Part> parts(ChangedNames names) {
        var found = new ArrayList<Part>();
        for (int at = ChangedNames.HEADER_BYTES; at < names.tableEnd(); ) {
            int length = names.nameLength(at);
            String name = new String(names.bytes(), at + 2, length, StandardCharsets.UTF_8);
            found.add(parts.computeIfAbsent(name, this::part));
            at += 2 + length;
        }
        return found;
    }

    private Part part(String name) {
        var collection = new Collection(name);
        return new Part(collection, selection.keysOf(collection));
    }

    /** Goes to the next update after {@code seq} that is included; false if there is none. */
    boolean advance(ChangedNames names, long seq) throws RocksDBException {
        while (isConcerned && names.advance()) {
            if (names.seq() > seq) {
                Keys keys = partOf(names).keys();
                if (keys != Keys.NONE && keys.includeUtf8(names.bytes(), names.keyStart(), names.keyEnd())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of the update where the names are. */
    Part partOf(ChangedNames names) throws RocksDBException {
        int number = names.collection();
        if (number >= tableParts.size()) {
            throw names.damaged(new IndexOutOfBoundsException("there is no collection " + number));
        }
        return tableParts.get(number);
    }
}
