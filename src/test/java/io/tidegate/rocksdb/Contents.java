package io.tidegate.rocksdb;

import io.tidegate.document.Document;
import io.tidegate.document.Filter;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
                batch.linesAfter(at, Filter.ALL).utf8String().lines().forEach(lines::add);
                at = batch.lastSeq();
            }
        }
        return lines;
    }

    static List<Document> all(Snapshot snapshot) throws FeedLogException {
        var documents = new ArrayList<Document>();
        for (List<Document> piece = snapshot.read(PIECE_BYTES); !piece.isEmpty(); piece = snapshot.read(PIECE_BYTES)) {
            documents.addAll(piece);
        }
        return documents;
    }

    /** {@code collection/key} to JSON, in the order of the snapshot. */
    static Map<String, String> documents(FeedLog log, Filter filter) throws FeedLogException {
        try (Snapshot snapshot = log.snapshot(filter)) {
            return documents(snapshot);
        }
    }

    static Map<String, String> documents(Snapshot snapshot) throws FeedLogException {
        var documents = new LinkedHashMap<String, String>();
        for (Document document : all(snapshot)) {
            documents.put(
                    document.collection() + "/" + document.key(),
                    document.value().toString());
        }
        return documents;
    }
}
