package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.rocksdb.RocksDBException;

/** The name of a store's life and the format it is written in, both kept in the store from its creation on. */
final class Epoch {

    private static final String FORMAT = "1";
    private static final int LENGTH = 8;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";

    private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EPOCH_KEY = "epoch".getBytes(StandardCharsets.US_ASCII);

    private Epoch() {}

    /**
     * Reads the epoch; a new store gets one.
     *
     * @throws FeedLogException if the store is in a format that this version does not know
     */
    static String of(Database database, StoreDirectory directory) throws FeedLogException, RocksDBException {
        byte[] format = database.meta(FORMAT_KEY);
        byte[] epoch = database.meta(EPOCH_KEY);
        if (format == null && epoch == null && database.log().last() == null) {
            return create(database);
        }
        if (format == null || epoch == null) {
            throw new FeedLogException("the store " + directory + " is damaged, its format or epoch is missing:"
                    + " restore it from a backup, or move it away to start anew");
        }
        if (!text(format).equals(FORMAT)) {
            throw new FeedLogException("the store " + directory + " has format " + text(format)
                    + ", this version of the server reads format " + FORMAT
                    + ": use the version that wrote it, or another directory");
        }
        return text(epoch);
    }

    private static String create(Database database) throws RocksDBException {
        var random = new SecureRandom();
        var name = new StringBuilder(LENGTH).append(any(LETTERS, random));
        while (name.length() < LENGTH) {
            name.append(any(LETTERS_AND_DIGITS, random));
        }
        byte[] epoch = name.toString().getBytes(StandardCharsets.US_ASCII);
        // Forced to the disk: updates that survive a power cut must not find themselves in another epoch.
        database.putMeta(EPOCH_KEY, epoch, FORMAT_KEY, FORMAT.getBytes(StandardCharsets.US_ASCII));
        return name.toString();
    }

    private static char any(String characters, SecureRandom random) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }
}
