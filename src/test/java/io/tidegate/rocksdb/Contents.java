package io.tidegate.rocksdb;

import akka.util.ByteString;
import io.tidegate.document.Document;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Reads whole logs and snapshots, in pieces. */
final class Contents {

    private static final int PIECE_BYTES = 1000;

    private Contents() {}

    /** The event lines of all updates after {@code seq}. */
    static List<String> linesAfter(long seq, FeedLog log) throws FeedLogException {
        var lines = new ArrayList<String>();
        long at = seq;
        for (List<Batch> piece = log.read(at, PIECE_BYTES); !piece.isEmpty(); piece = log.read(at, PIECE_BYTES)) {
            for (Batch batch : piece) {
                batch.linesAfter(at, Selection.ALL).bytes().utf8String().lines().forEach(lines::add);
                at = batch.lastSeq();
            }
        }
        return lines;
    }

    static List<Document> all(Snapshot snapshot) throws FeedLogException {
        return from(Snapshot.START, snapshot);
    }

    static List<Document> from(ByteString place, Snapshot snapshot) throws FeedLogException {
        var documents = new ArrayList<Document>();
        ByteString next = place;
        while (next != null) {
            var bytes = new AtomicInteger();
            next = snapshot.read(next, document -> {
                Document copy = copy(document);
                documents.add(copy);
                return bytes.addAndGet(copy.key().text().length() + copy.value().length()) < PIECE_BYTES;
            });
        }
        return documents;
    }

    /** What stays when the view shows the next document; for keys without characters that JSON escapes. */
    static Document copy(DocumentView view) {
        String key = written(view::writeKey);
        return new Document(
                view.collection(),
                new Key(key.substring(1, key.length() - 1)),
                view.seq(),
                Json.of(written(view::writeValue)));
    }

    private static String written(Consumer<Utf8Buffer> part) {
        var buffer = new Utf8Buffer(16);
        part.accept(buffer);
        return new String(buffer.toArray(), StandardCharsets.UTF_8);
    }

    /** {@code collection/key} to JSON, in the order of the snapshot. */
    static Map<String, String> documents(FeedLog log, Selection selection) throws FeedLogException {
        try (Snapshot snapshot = log.snapshot(selection)) {
            return documents(snapshot);
        }
    }

    static Map<String, String> documents(Snapshot snapshot) throws FeedLogException {
        return byName(all(snapshot));
    }

    static Map<String, String> byName(List<Document> list) {
        var documents = new LinkedHashMap<String, String>();
        for (Document document : list) {
            documents.put(
                    document.collection() + "/" + document.key(),
                    document.value().toString());
        }
        return documents;
    }
}
