package io.tidegate.feed;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encodes changes into a {@link Batch}. Used by one thread; its buffers are reused from batch to batch. */
public final class BatchBuilder {

    private final EventEncoder encoder;
    private final Utf8Buffer buffer = new Utf8Buffer(4096);
    private final Utf8Buffer index = new Utf8Buffer(1024);
    private final Utf8Buffer keys = new Utf8Buffer(512);
    private final Map<Collection, Integer> collections = new LinkedHashMap<>();

    public BatchBuilder(EventEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Gives the changes consecutive numbers from {@code firstSeq} and encodes them.
     *
     * @param offset where the order goes on after the commit
     * @param bytesBefore stored bytes of all earlier batches
     * @param nowMillis commit time, milliseconds since the epoch
     */
    public Batch build(List<Change> changes, long firstSeq, long offset, long bytesBefore, long nowMillis) {
        buffer.clear();
        index.clear();
        keys.clear();
        collections.clear();
        long seq = firstSeq;
        for (Change change : changes) {
            keys.putShort(encoder.update(new Update(seq++, change), buffer));
            index.putInt(buffer.length()).putShort(numberOf(change.collection()));
        }
        int lineBytes = buffer.length();
        buffer.put(index);
        for (Collection collection : collections.keySet()) {
            byte[] name = collection.name().getBytes(StandardCharsets.UTF_8);
            buffer.putShort(name.length).put(name);
        }
        buffer.put(keys);
        buffer.putLong(offset).putInt(lineBytes).putInt(changes.size()).putInt(collections.size());
        buffer.putLong(firstSeq).putLong(bytesBefore).putLong(nowMillis);
        return Batch.of(buffer.toArray());
    }

    private int numberOf(Collection collection) {
        Integer known = collections.get(collection);
        if (known != null) {
            return known;
        }
        int number = collections.size();
        collections.put(collection, number);
        return number;
    }
}
