package io.tidegate.rocksdb;

import io.tidegate.document.DocumentName;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Sha256;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Taken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * Which changes were taken under the ids that their publishers gave them.
 *
 * <pre>
 *  i, digest of document and id (16) ─► number of the update (8)
 *  j, number (8)                     ─► digest (16): the oldest first, to be forgotten
 * </pre>
 *
 * <p>What is old is forgotten by who adds something, a little more than was added. {@link #put} is for one thread at a time.
 */
final class TakenIds {

    private static final byte BY_ID = 'i';
    private static final byte BY_NUMBER = 'j';
    private static final int DIGEST_BYTES = 16;

    private final RocksDB rocks;
    private final ColumnFamilyHandle family;

    /**
     * Those with smaller numbers are forgotten. To look from the beginning would be to step over each that was deleted since
     * the tables were last compacted.
     */
    private long forgottenBelow;

    /** Among other things in a family, whose keys begin with other letters. */
    TakenIds(RocksDB rocks, ColumnFamilyHandle family) {
        this.rocks = rocks;
        this.family = family;
    }

    /** 0 if there is none. */
    long seqOf(DocumentName document, PublicationId id) throws RocksDBException {
        byte[] seq = rocks.get(family, key(BY_ID, digest(document, id)));
        return seq == null ? 0 : Database.number(seq);
    }

    void put(List<Taken> taken, WriteBatch write) throws RocksDBException {
        if (!taken.isEmpty()) {
            // First: one that is forgotten may be taken anew.
            forget(taken.get(0).seq() - Feed.REMEMBERED_UPDATES, 2 * taken.size(), write);
        }
        for (Taken each : taken) {
            byte[] digest = digest(each.document(), each.id());
            write.put(family, key(BY_ID, digest), Database.bytes(each.seq()));
            write.put(family, key(BY_NUMBER, Database.bytes(each.seq())), digest);
        }
    }

    private void forget(long before, int most, WriteBatch write) throws RocksDBException {
        if (before <= 0) {
            return;
        }
        if (before < forgottenBelow) {
            forgottenBelow = 0; // The feed was moved back.
        }
        try (RocksIterator oldest = rocks.newIterator(family)) {
            oldest.seek(key(BY_NUMBER, Database.bytes(forgottenBelow)));
            for (int count = 0; count < most && oldest.isValid() && isBefore(oldest.key(), before); count++) {
                forget(oldest.key(), oldest.value(), write);
                forgottenBelow = number(oldest.key()) + 1;
                oldest.next();
            }
            oldest.status();
        }
    }

    private static boolean isBefore(byte[] key, long before) {
        return key[0] == BY_NUMBER && number(key) < before;
    }

    private static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    /** Unless the id was taken again since. */
    private void forget(byte[] key, byte[] digest, WriteBatch write) throws RocksDBException {
        byte[] now = rocks.get(family, key(BY_ID, digest));
        if (now != null && Database.number(now) == number(key)) {
            write.delete(family, key(BY_ID, digest));
        }
        write.delete(family, key);
    }

    private static byte[] key(byte letter, byte[] rest) {
        return ByteBuffer.allocate(1 + rest.length).put(letter).put(rest).array();
    }

    private static byte[] digest(DocumentName document, PublicationId id) {
        MessageDigest sha = Sha256.begin();
        // Neither has a line end, so no two have the same bytes.
        sha.update((id.text() + "\n" + document.collection() + "\n").getBytes(StandardCharsets.UTF_8));
        sha.update(document.key().text().getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(sha.digest(), DIGEST_BYTES);
    }
}
