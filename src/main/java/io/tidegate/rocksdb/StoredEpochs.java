package io.tidegate.rocksdb;

import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The epochs of a store, kept in it beside the format it is written in. */
final class StoredEpochs {

    private static final String FORMAT = "2";

    /** One epoch for all of a store's life, and with it the identity of the machine's boot while a power cut could end it. */
    private static final String FORMER_FORMAT = "1";

    private static final String FORMAT_KEY = "format";
    private static final String EPOCHS_KEY = "epochs";
    private static final List<String> FORMER_KEYS = List.of("epoch", "boot");

    private StoredEpochs() {}

    /**
     * Reads them; a new store has none yet.
     *
     * @throws FeedLogException if the store is in a format that this version does not know, or has updates and no epochs
     */
    static Epochs read(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        String format = text(database.meta(FORMAT_KEY));
        if (format != null && !format.equals(FORMAT) && !format.equals(FORMER_FORMAT)) {
            throw new FeedLogException("the store " + directory + " has format " + format
                    + ", this version of the server reads formats " + FORMER_FORMAT + " and " + FORMAT
                    + ": use the version that wrote it, or another directory");
        }
        Epochs epochs = FORMER_FORMAT.equals(format) ? former(database) : current(database, directory);
        if (epochs.isEmpty() && database.log().last() != null) {
            throw damaged(directory, "its epochs are missing");
        }
        return epochs;
    }

    private static Epochs former(Database database) throws RocksDBException {
        String only = text(database.meta(FORMER_KEYS.get(0)));
        return only == null ? Epochs.NONE : Epochs.of(only);
    }

    private static Epochs current(Database database, StoreDirectory directory)
            throws FeedLogException, RocksDBException {
        String epochs = text(database.meta(EPOCHS_KEY));
        try {
            return epochs == null ? Epochs.NONE : Epochs.parse(epochs);
        } catch (IllegalArgumentException e) {
            throw damaged(directory, "its epochs are not readable");
        }
    }

    private static FeedLogException damaged(StoreDirectory directory, String what) {
        return new FeedLogException("the store " + directory + " is damaged, " + what
                + ": restore it from a backup, or move it away to start anew");
    }

    /** Forces them to the disk: nobody may be told a position in an epoch that the store does not know after a power cut. */
    static void write(Epochs epochs, Database database) throws RocksDBException {
        database.replaceMeta(Map.of(FORMAT_KEY, ascii(FORMAT), EPOCHS_KEY, ascii(epochs.toString())), FORMER_KEYS);
    }

    private static @Nullable String text(byte @Nullable [] ascii) {
        return ascii == null ? null : new String(ascii, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
