package io.tidegate.rocksdb;

import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Epochs;
import io.tidegate.feed.FeedLogException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The epochs of a store, kept in it beside the format it is written in. */
final class StoredEpochs {

    private static final String EPOCHS_KEY = "epochs";

    /** Of format 1: one epoch for all of a store's life, and the identity of the machine's boot while a power cut could end it. */
    private static final List<String> FORMER_KEYS = List.of("epoch", "boot");

    private StoredEpochs() {}

    /**
     * Reads them; a new store has none yet.
     *
     * @throws FeedLogException if the store has updates and no epochs
     */
    static Epochs read(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        StoreFormat format = StoreFormat.read(database, directory);
        Epochs epochs =
                StoreFormat.WITHOUT_EPOCHS.equals(format.name()) ? former(database) : current(database, directory);
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
        database.replaceMeta(written(epochs), FORMER_KEYS);
    }

    /** The same, and what the order remembers. */
    static void write(Epochs epochs, byte[] orderMemory, Database database) throws RocksDBException {
        Map<String, byte[]> written = new HashMap<>(written(epochs));
        written.put(Database.ORDER_KEY, orderMemory);
        database.replaceMeta(written, FORMER_KEYS);
    }

    /** The same, and that batches from a number on are to be converted. */
    static void write(Epochs epochs, long formerFrom, Database database) throws RocksDBException {
        Map<String, byte[]> written = new HashMap<>(written(epochs));
        written.put(StoreFormat.FORMER_FROM_KEY, Database.bytes(formerFrom));
        database.replaceMeta(written, FORMER_KEYS);
        database.log().formerFrom(formerFrom);
    }

    private static Map<String, byte[]> written(Epochs epochs) {
        return Map.of(
                StoreFormat.KEY,
                Utf8Buffer.ascii(StoreFormat.PRESENT),
                EPOCHS_KEY,
                Utf8Buffer.ascii(epochs.toString()));
    }

    private static @Nullable String text(byte @Nullable [] ascii) {
        return ascii == null ? null : new String(ascii, StandardCharsets.US_ASCII);
    }
}
