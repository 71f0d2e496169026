package io.tidegate.rocksdb;

import io.tidegate.document.Change;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Appends batches to a log as the feed does, and remembers what the documents must be. */
final class Publisher {

    private final FeedLog log;
    private final Batch.Builder builder = new Batch.Builder(new PlainLines());
    private final Map<String, String> documents = new TreeMap<>();

    Publisher(FeedLog log) {
        this.log = log;
    }

    Batch append(Change... changes) throws FeedLogException {
        return appendAt(System.currentTimeMillis(), changes);
    }

    Batch appendAt(long commitMillis, Change... changes) throws FeedLogException {
        Batch last = log.last();
        long first = last == null ? 1 : last.lastSeq() + 1;
        long bytesBefore = last == null ? 0 : last.bytesAfter();
        long offset = first - 1 + changes.length;
        Batch batch = builder.build(List.of(changes), first, offset, bytesBefore, commitMillis);
        log.append(List.of(batch), List.of(changes));
        for (Change change : changes) {
            remember(change);
        }
        return batch;
    }

    /** Batches of one update each: orders o-1, o-2 and so on, with their sequence number as value. */
    void appendOrders(int count) throws FeedLogException {
        for (int i = 0; i < count; i++) {
            Batch last = log.last();
            long seq = last == null ? 1 : last.lastSeq() + 1;
            append(Change.put("orders", "o-" + seq, Long.toString(seq)));
        }
    }

    private void remember(Change change) {
        String name = change.collection() + "/" + change.key();
        if (change instanceof Change.Put put) {
            documents.put(name, put.value().toString());
        } else {
            documents.remove(name);
        }
    }

    /** {@code collection/key} to JSON, of all that was appended here. */
    Map<String, String> documents() {
        return documents;
    }
}
