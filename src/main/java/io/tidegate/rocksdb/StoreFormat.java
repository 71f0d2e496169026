package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The format in which a store is written.
 *
 * <pre>
 *  1  one epoch for all of a store's life, and the identity of the machine's boot
 *  2  epochs
 *  3  batches have the order's offset and the places of keys
 *  4  beside the log there is an index of changes, which begins where the store was first opened by a version that knows it
 * </pre>
 *
 * @param name null if nothing was written yet
 * @param formerFrom batches that begin with this number or a later one are still as format 2 has them; 0 if all are
 */
record StoreFormat(@Nullable String name, long formerFrom) {

    static final String PRESENT = "4";

    /** The one with a single epoch. */
    static final String WITHOUT_EPOCHS = "1";

    /** Where no batch begins. */
    static final long NOWHERE = Long.MAX_VALUE;

    static final String KEY = "format";

    /** There while a store is converted. */
    static final String FORMER_FROM_KEY = "former-from";

    /** Those whose batches are to be rewritten. */
    private static final List<String> FORMER = List.of(WITHOUT_EPOCHS, "2");

    private static final String WITHOUT_INDEX = "3";

    /** @throws FeedLogException if this version does not know it */
    static StoreFormat read(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        byte[] ascii = database.meta(KEY);
        if (ascii == null) {
            return new StoreFormat(null, NOWHERE);
        }
        String name = new String(ascii, StandardCharsets.US_ASCII);
        if (FORMER.contains(name)) {
            return new StoreFormat(name, 0);
        }
        if (!name.equals(PRESENT) && !name.equals(WITHOUT_INDEX)) {
            throw new FeedLogException("the store " + directory + " has format " + name
                    + ", this version of the server reads formats 1 to " + PRESENT
                    + ": use the version that wrote it, or another directory");
        }
        byte[] formerFrom = database.meta(FORMER_FROM_KEY);
        return new StoreFormat(name, formerFrom == null ? NOWHERE : Database.number(formerFrom));
    }

    /** Whether it is called the present one; batches may still be as they were. */
    boolean isPresent() {
        return PRESENT.equals(name);
    }

    /** Whether all of its batches are to be converted, and that has not begun. */
    boolean isFormer() {
        return formerFrom == 0;
    }

    /** Whether it is to be called the present one from now on, with its batches as they are. */
    boolean isWithoutIndex() {
        return WITHOUT_INDEX.equals(name);
    }
}
