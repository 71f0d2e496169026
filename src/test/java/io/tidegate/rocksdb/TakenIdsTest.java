package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Taken;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.PerfContext;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

class TakenIdsTest {

    private static final DocumentName NAME = new DocumentName(new Collection("c"), new Key("k"));
    private static final DocumentName OTHER = new DocumentName(new Collection("c"), new Key("other"));

    @TempDir
    Path directory;

    private RocksDB rocks;
    private TakenIds ids;

    @BeforeEach
    void open() throws Exception {
        NativeLibrary.load();
        rocks = RocksDB.open(directory.toString());
        ids = new TakenIds(rocks, rocks.getDefaultColumnFamily());
    }

    @AfterEach
    void close() {
        rocks.close();
    }

    private static PublicationId id(long number) {
        return new PublicationId("id-" + number);
    }

    private void put(Taken... taken) throws RocksDBException {
        try (var write = new WriteBatch();
                var options = new WriteOptions()) {
            ids.put(List.of(taken), write);
            rocks.write(options, write);
        }
    }

    @Test
    void anIdIsFoundByTheDocumentThatItWasGivenFor() throws Exception {
        put(new Taken(NAME, id(1), 7), new Taken(OTHER, id(1), 8));

        assertThat(ids.seqOf(NAME, id(1))).isEqualTo(7);
        assertThat(ids.seqOf(OTHER, id(1))).isEqualTo(8);
        assertThat(ids.seqOf(NAME, id(2))).isZero();
    }

    @Test
    void theOldestAreForgottenByThoseWhoCome() throws Exception {
        long later = Feed.REMEMBERED_UPDATES + 3;
        put(new Taken(NAME, id(1), 1), new Taken(NAME, id(2), 2), new Taken(NAME, id(3), 3), new Taken(NAME, id(4), 4));

        put(new Taken(NAME, id(5), later));

        assertThat(ids.seqOf(NAME, id(1))).isZero();
        assertThat(ids.seqOf(NAME, id(2))).isZero();
        assertThat(ids.seqOf(NAME, id(3))).isEqualTo(3);
        assertThat(ids.seqOf(NAME, id(5))).isEqualTo(later);
    }

    @Test
    void whatWasTakenAnewIsNotForgottenWithItsFormerNumber() throws Exception {
        long later = Feed.REMEMBERED_UPDATES + 10;
        put(new Taken(NAME, id(1), 1));
        put(new Taken(NAME, id(1), later));

        put(new Taken(NAME, id(2), later + 1));

        assertThat(ids.seqOf(NAME, id(1))).isEqualTo(later);
    }

    /** What is deleted stays in the tables for a while, and is stepped over one by one. */
    @Test
    void whatWasForgottenIsNotLookedThroughByThoseWhoCome() throws Exception {
        int many = 500;
        Taken[] first = LongStream.rangeClosed(1, many)
                .mapToObj(seq -> new Taken(NAME, id(seq), seq))
                .toArray(Taken[]::new);
        put(first);
        for (long seq = 1; seq <= many; seq++) {
            put(new Taken(NAME, id(many + seq), Feed.REMEMBERED_UPDATES + seq));
        }
        rocks.setPerfLevel(PerfLevel.ENABLE_COUNT);
        PerfContext counts = rocks.getPerfContext();
        counts.reset();

        put(new Taken(NAME, id(0), Feed.REMEMBERED_UPDATES + many + 1));

        assertThat(counts.getInternalDeleteSkippedCount()).isLessThan(5);
        assertThat(ids.seqOf(NAME, id(many))).isZero();
        assertThat(ids.seqOf(NAME, id(many + 1))).isEqualTo(Feed.REMEMBERED_UPDATES + 1);
    }

    @Test
    void afterTheFeedWasMovedBackTheOldestAreForgottenAsBefore() throws Exception {
        put(new Taken(NAME, id(1), 100));
        put(new Taken(NAME, id(2), Feed.REMEMBERED_UPDATES + 200));
        put(new Taken(NAME, id(3), 10));

        put(new Taken(NAME, id(4), Feed.REMEMBERED_UPDATES + 11));

        assertThat(ids.seqOf(NAME, id(1))).isZero();
        assertThat(ids.seqOf(NAME, id(3))).isZero();
        assertThat(ids.seqOf(NAME, id(4))).isEqualTo(Feed.REMEMBERED_UPDATES + 11);
    }
}
