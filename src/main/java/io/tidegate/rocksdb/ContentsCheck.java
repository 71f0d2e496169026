package io.tidegate.rocksdb;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.document.Visible;
import io.tidegate.feed.Batch;
import io.tidegate.feed.EventEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads the log, the index of changes and the documents, and compares them: numbers follow one another, a document is what its
 * newest change left, and the index names what the log has.
 *
 * <p>Holds in memory the names of documents that were deleted, as long as it has not come upon their delete.
 */
final class ContentsCheck {

    private static final String LOG = "log";
    private static final String INDEX = "index of changes";
    private static final String DOCUMENTS = "documents";

    private static final Json ANY = Json.of("0");

    /** What there is. */
    static final class Found {
        long documents;
        long updates;
        long first;
        long last;
    }

    private final Database database;
    private final EventEncoder encoder;
    private final Problems problems;
    private final Found found = new Found();
    private final Utf8Buffer line = new Utf8Buffer(1024);

    /** Documents that were put and are not there, and by which update: a delete has to follow. */
    private final Map<DocumentName, Long> gone = new HashMap<>();

    private ContentsCheck(Database database, EventEncoder encoder, Problems problems) {
        this.database = database;
        this.encoder = encoder;
        this.problems = problems;
    }

    static Found of(Database database, EventEncoder encoder, Problems problems) {
        var check = new ContentsCheck(database, encoder, problems);
        check.read(LOG, check::log);
        check.read(INDEX, check::index);
        check.read(DOCUMENTS, check::documents);
        return check.found;
    }

    private interface Reading {
        void read() throws RocksDBException;
    }

    /** What cannot be read ends with it; the others are read all the same. */
    private void read(String where, Reading reading) {
        try {
            reading.read();
        } catch (RocksDBException e) {
            problems.damage(where, "it cannot be read to its end (" + Failures.reason(e) + ")");
        }
    }

    // ---- the log

    private void log() throws RocksDBException {
        long start = database.logStart();
        Batch before = null;
        try (RocksIterator log = database.log().iterator()) {
            for (log.seek(Database.bytes(start)); log.isValid(); log.next()) {
                Batch batch = whole(log);
                if (batch != null) {
                    follow(before, batch, start);
                    before = batch;
                }
            }
            log.status();
        }
        if (before == null && start > 1) {
            problems.damage(LOG, String.format("it begins with update %,d, and has none", start));
        }
    }

    private @Nullable Batch whole(RocksIterator log) throws RocksDBException {
        long seq = Database.number(log.key());
        try {
            Batch batch = database.log().batchAt(log);
            if (batch != null) {
                batch.requireWhole();
                if (batch.firstSeq() == seq) {
                    return batch;
                }
            }
            problems.damage(LOG, String.format("another batch is in the place of the one with update %,d", seq));
        } catch (IllegalArgumentException | RocksDBException e) {
            problems.damage(LOG, String.format("the batch with update %,d is not whole (%s)", seq, e.getMessage()));
        }
        return null;
    }

    private void follow(@Nullable Batch before, Batch batch, long start) {
        long expected = before == null ? start : before.lastSeq() + 1;
        if (batch.firstSeq() != expected) {
            problems.damage(
                    LOG,
                    batch.firstSeq() > expected
                            ? String.format("updates %,d to %,d are missing", expected, batch.firstSeq() - 1)
                            : String.format("update %,d is there twice", batch.firstSeq()));
        } else if (before != null
                && before.bytesAfter() != batch.bytesBefore()
                && !database.log().isFormer(batch.firstSeq())) {
            problems.damage(LOG, String.format("the bytes before update %,d are not counted right", expected));
        }
        found.first = before == null ? batch.firstSeq() : found.first;
        found.last = batch.lastSeq();
        found.updates += batch.count();
    }

    // ---- the index of changes

    private void index() throws RocksDBException {
        if (!database.hasChanges()) {
            return;
        }
        ChangedNames before = null;
        try (RocksIterator index = database.changes().iterator();
                RocksIterator log = database.log().iterator()) {
            for (index.seek(Database.bytes(database.changesStart())); index.isValid(); index.next()) {
                ChangedNames names = ChangedNames.of(Database.number(index.key()), index.value());
                if (before != null && before.lastSeq() + 1 != names.firstSeq()) {
                    problems.damage(INDEX, String.format("what changed after update %,d is missing", before.lastSeq()));
                } else if (before != null && before.bytesAfter() != names.bytesBefore()) {
                    problems.damage(
                            INDEX,
                            String.format("the bytes before update %,d are not counted right", names.firstSeq()));
                }
                names(names, log);
                before = names;
            }
            index.status();
        }
        if (before != null && before.lastSeq() != found.last) {
            problems.damage(
                    INDEX,
                    String.format("it ends with update %,d, and the log with %,d", before.lastSeq(), found.last));
        }
        gone.forEach((name, seq) ->
                problems.damage(DOCUMENTS, String.format("%s is missing, which update %,d put", shown(name), seq)));
    }

    private void names(ChangedNames names, RocksIterator log) throws RocksDBException {
        Batch batch = names.firstSeq() < found.first ? null : batch(names, log);
        var selected = new SelectedNames(Selection.ALL);
        selected.read(names);
        long seq = names.firstSeq();
        while (selected.advance(names, 0)) {
            Collection collection = selected.partOf(names).collection();
            String key = new String(
                    names.bytes(), names.keyStart(), names.keyEnd() - names.keyStart(), StandardCharsets.UTF_8);
            try {
                name(new DocumentName(collection, new Key(key)), names.isDelete(), seq, batch);
            } catch (IllegalArgumentException e) {
                problems.damage(INDEX, String.format("the name at update %,d is none", seq));
            }
            seq++;
        }
    }

    private @Nullable Batch batch(ChangedNames names, RocksIterator log) {
        try {
            Batch batch = database.log().at(names.firstSeq(), log);
            batch.requireWhole();
            if (batch.count() == names.lastSeq() - names.firstSeq() + 1
                    && batch.committedAtMillis() == names.committedAtMillis()) {
                return batch;
            }
            problems.damage(
                    INDEX, String.format("what it has from update %,d on is not what the log has", names.firstSeq()));
        } catch (IllegalArgumentException | RocksDBException e) {
            // Told of the log, or there is no such batch.
            problems.damage(INDEX, String.format("from update %,d on the log has no batch", names.firstSeq()));
        }
        return null;
    }

    private void name(DocumentName name, boolean isDelete, long seq, @Nullable Batch batch) throws RocksDBException {
        long stored = database.state().seqOf(name.collection(), name.key());
        if (stored == 0 && !isDelete) {
            gone.put(name, seq);
        } else if (stored == 0) {
            gone.remove(name);
        } else if (stored < seq || (stored == seq && isDelete)) {
            problems.damage(
                    DOCUMENTS,
                    String.format(
                            "%s is of update %,d, and update %,d %s it",
                            shown(name), stored, seq, isDelete ? "deleted" : "changed"));
        }
        if (batch != null && !isNamed(name, isDelete, batch, seq)) {
            problems.damage(INDEX, String.format("at update %,d it names %s, and the log does not", seq, shown(name)));
        }
    }

    /** Whether the line is of that document: all of it for a delete, or up to the value. */
    private boolean isNamed(DocumentName name, boolean isDelete, Batch batch, long seq) {
        byte[] stored = batch.line(seq).toArray();
        if (isDelete) {
            encode(seq, new Change.Delete(name.collection(), name.key()));
            return Arrays.equals(stored, line.toArray());
        }
        int keyStart = encode(seq, new Change.Put(name.collection(), name.key(), ANY));
        int end = keyStart + name.key().text().getBytes(StandardCharsets.UTF_8).length;
        return stored.length > end && Arrays.equals(stored, 0, end, line.array(), 0, end);
    }

    private int encode(long seq, Change change) {
        line.clear();
        return encoder.update(new Update(seq, change), line);
    }

    // ---- the documents

    private void documents() throws RocksDBException {
        try (var options = new ReadOptions().setFillCache(false);
                RocksIterator state = database.state().iterator(options);
                RocksIterator log = database.log().iterator()) {
            for (state.seekToFirst(); state.isValid(); state.next()) {
                found.documents++;
                try {
                    document(state.key(), state.value(), log);
                } catch (IllegalArgumentException | RocksDBException e) {
                    problems.damage(
                            DOCUMENTS,
                            String.format("what is stored as %s is none (%s)", shown(state.key()), e.getMessage()));
                }
            }
            state.status();
        }
    }

    private void document(byte[] key, byte[] value, RocksIterator log) throws RocksDBException {
        DocumentName name = name(key);
        long seq = Database.number(value);
        Json json = Json.of(value, Long.BYTES, value.length - Long.BYTES);
        if (json.length() != value.length - Long.BYTES) {
            throw new IllegalArgumentException("it has white space around it");
        }
        if (seq < 1 || seq > found.last) {
            problems.damage(
                    DOCUMENTS, String.format("%s is of update %,d, and the last is %,d", shown(name), seq, found.last));
        } else if (seq >= found.first && !isIn(log, seq, new Change.Put(name.collection(), name.key(), json))) {
            problems.damage(
                    DOCUMENTS,
                    String.format("%s is not what update %,d has left, as the log has it", shown(name), seq));
        }
    }

    private static DocumentName name(byte[] key) {
        int end = 0;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        if (end == key.length) {
            throw new IllegalArgumentException("it has no collection");
        }
        String collection = new String(key, 0, end, StandardCharsets.UTF_8);
        String text = new String(key, end + 1, key.length - end - 1, StandardCharsets.UTF_8);
        return new DocumentName(new Collection(collection), new Key(text));
    }

    private boolean isIn(RocksIterator log, long seq, Change.Put change) {
        encode(seq, change);
        try {
            log.seekForPrev(Database.bytes(seq));
            Batch batch = database.log().batchAt(log);
            if (batch == null || !batch.contains(seq)) {
                return false;
            }
            batch.requireWhole();
            return batch.line(seq).equals(ByteString.fromArrayUnsafe(line.toArray()));
        } catch (IllegalArgumentException | RocksDBException e) {
            // Told of the log.
            return true;
        }
    }

    private static String shown(DocumentName name) {
        return Visible.of(name.collection() + "/" + name.key().word());
    }

    private static String shown(byte[] key) {
        return Visible.of(
                StandardCharsets.UTF_8.decode(ByteBuffer.wrap(key)).toString().replace('\0', '/'));
    }
}
