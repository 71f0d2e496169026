package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The name of a store's life, kept in the store beside the format it is written in.
 *
 * <p>A power cut under {@link Durability#OS} may take the last updates away, and their numbers would be given out again: a
 * client that saw the lost ones must not resume as if nothing had happened. So while such updates may exist the store
 * holds the identity of the machine's boot, and a store that is found with that of another boot gets a new epoch. Where
 * the system does not tell the boot (it does on Linux) this is not noticed.
 */
final class Epoch {

    private static final String FORMAT = "1";
    private static final int LENGTH = 8;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final String FORMAT_KEY = "format";
    private static final String EPOCH_KEY = "epoch";
    private static final String BOOT_KEY = "boot";

    private Epoch() {}

    /**
     * Reads the epoch; a new store gets one.
     *
     * @throws FeedLogException if the store is in a format that this version does not know
     */
    static String of(Database database, StoreDirectory directory, Durability durability)
            throws FeedLogException, RocksDBException {
        requireFormat(database, directory);
        String epoch = text(database.meta(EPOCH_KEY));
        if (epoch == null && database.log().last() != null) {
            throw new FeedLogException("the store " + directory
                    + " is damaged, its epoch is missing: restore it from a backup, or move it away to start anew");
        }
        String boot = text(database.meta(BOOT_KEY));
        String currentBoot = currentBoot();
        if (epoch == null || (boot != null && !boot.equals(currentBoot))) {
            epoch = create(database);
        }
        setBoot(durability == Durability.OS ? currentBoot : null, boot, database);
        return epoch;
    }

    /** To be called when all updates are on the disk, before the store is closed. */
    static void settle(Database database) throws RocksDBException {
        setBoot(null, text(database.meta(BOOT_KEY)), database);
    }

    private static void setBoot(@Nullable String boot, @Nullable String before, Database database)
            throws RocksDBException {
        if (boot != null && !boot.equals(before)) {
            database.putMeta(BOOT_KEY, ascii(boot));
        } else if (boot == null && before != null) {
            database.deleteMeta(BOOT_KEY);
        }
    }

    private static void requireFormat(Database database, StoreDirectory directory)
            throws FeedLogException, RocksDBException {
        String format = text(database.meta(FORMAT_KEY));
        if (format == null) {
            database.putMeta(FORMAT_KEY, ascii(FORMAT));
        } else if (!format.equals(FORMAT)) {
            throw new FeedLogException("the store " + directory + " has format " + format
                    + ", this version of the server reads format " + FORMAT
                    + ": use the version that wrote it, or another directory");
        }
    }

    private static String create(Database database) throws RocksDBException {
        var random = new SecureRandom();
        var name = new StringBuilder(LENGTH).append(any(LETTERS, random));
        while (name.length() < LENGTH) {
            name.append(any(LETTERS_AND_DIGITS, random));
        }
        String epoch = name.toString();
        database.putMeta(EPOCH_KEY, ascii(epoch));
        return epoch;
    }

    private static char any(String characters, SecureRandom random) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    private static @Nullable String currentBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String text(byte @Nullable [] ascii) {
        return ascii == null ? null : new String(ascii, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
