package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;

/** Writes stores as versions of the server did whose batches had neither an offset nor the places of keys. */
final class FormerStore {

    static final long COMMITTED_AT = 1_700_000_000_123L;

    private final RawStore store;
    private long seq;
    private long bytes;

    /**
     * An empty store, to be written to.
     *
     * @param bytesBefore stored bytes of what was trimmed long ago
     */
    FormerStore(Path directory, long bytesBefore) {
        store = new RawStore(directory);
        bytes = bytesBefore;
    }

    RawStore raw() {
        return store;
    }

    /** In format 2, with one epoch. */
    FormerStore withEpoch(String epoch) throws RocksDBException {
        store.putMeta("format", "2");
        store.putMeta("epochs", epoch + ":0");
        return this;
    }

    /** In format 1. */
    FormerStore withItsOnlyEpoch(String epoch) throws RocksDBException {
        store.putMeta("format", "1");
        store.putMeta("epoch", epoch);
        store.putMeta("boot", "of another day");
        return this;
    }

    /** The log is trimmed, and its files are not given back. */
    void startLogAt(long first) throws RocksDBException {
        store.change(
                (rocks, families) -> rocks.put(families.get(RawStore.META), RawStore.utf8("log-start"), big(first)));
    }

    /** One batch. */
    void append(Change... changes) throws RocksDBException {
        List<String> lines = new ArrayList<>();
        for (Change change : changes) {
            lines.add(line(seq + 1 + lines.size(), change));
        }
        append(lines, changes);
    }

    /** Batches of one update each: orders o-1, o-2 and so on, with their sequence number as value. */
    void appendOrders(int count) throws RocksDBException {
        for (int i = 0; i < count; i++) {
            append(Change.put("orders", "o-" + (seq + 1), Long.toString(seq + 1)));
        }
    }

    /** One batch, with these lines for its changes. */
    void append(List<String> lines, Change... changes) throws RocksDBException {
        byte[] batch = batch(lines, changes);
        store.change((rocks, families) -> {
            rocks.put(families.get(RawStore.LOG), big(seq + 1), batch);
            for (int i = 0; i < changes.length; i++) {
                byte[] name = RawStore.utf8(changes[i].collection() + "\0" + changes[i].key());
                if (changes[i] instanceof Change.Put put) {
                    rocks.put(families.get(RawStore.STATE), name, value(seq + 1 + i, put));
                } else {
                    rocks.delete(families.get(RawStore.STATE), name);
                }
            }
        });
        seq += changes.length;
        bytes += batch.length;
    }

    static String line(long seq, Change change) {
        String kind = change instanceof Change.Put ? "put" : "delete";
        String value = change instanceof Change.Put put ? ",\"value\":" + put.value() : "";
        return "{\"event\":\"" + kind + "\",\"seq\":" + seq + ",\"collection\":\"" + change.collection()
                + "\",\"key\":\"" + change.key() + "\"" + value + "}\n";
    }

    private byte[] batch(List<String> lines, Change... changes) {
        List<Collection> collections =
                Arrays.stream(changes).map(Change::collection).distinct().toList();
        var batch = ByteBuffer.allocate(1 << 16);
        lines.forEach(line -> batch.put(RawStore.utf8(line)));
        int lineBytes = batch.position();
        int end = 0;
        for (int i = 0; i < changes.length; i++) {
            end += RawStore.utf8(lines.get(i)).length;
            batch.putInt(end).putShort((short) collections.indexOf(changes[i].collection()));
        }
        for (Collection collection : collections) {
            byte[] name = RawStore.utf8(collection.name());
            batch.putShort((short) name.length).put(name);
        }
        batch.putInt(lineBytes).putInt(changes.length).putInt(collections.size());
        batch.putLong(seq + 1).putLong(bytes).putLong(COMMITTED_AT);
        return Arrays.copyOf(batch.array(), batch.position());
    }

    private static byte[] value(long seq, Change.Put put) {
        byte[] json = RawStore.utf8(put.value().toString());
        return ByteBuffer.allocate(Long.BYTES + json.length)
                .putLong(seq)
                .put(json)
                .array();
    }

    private static byte[] big(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
