package io.tidegate.rocksdb;

import io.tidegate.document.Directories;
import io.tidegate.document.OwnFiles;
import io.tidegate.document.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far a store had come, in a file of its own beside RocksDB's: a start that finds itself behind it has lost what was
 * acknowledged, however that came about.
 *
 * @param position of an update that was acknowledged, the last one if {@code closed}
 * @param closed whether it was written at a clean close, with everything on the disk
 * @param durability what acknowledged updates were sure to survive
 * @param boot identity of the machine's boot; empty if the system does not tell it
 */
record Mark(Position position, boolean closed, Durability durability, String boot) {

    static final String FILE = "tidegate-mark";

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String CLOSED = "closed";
    private static final String OPEN = "open";

    /** Of now. */
    static Mark at(Position position, boolean closed, Durability durability) {
        return new Mark(position, closed, durability, currentBoot());
    }

    private static String currentBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether a power cut may have taken updates that were acknowledged, as {@link Durability#OS} allows. */
    boolean allowsLoss() {
        return durability == Durability.OS && !closed && (boot.isEmpty() || !boot.equals(currentBoot()));
    }

    /**
     * Reads it; empty if there is none.
     *
     * @throws IOException if it cannot be read or is damaged
     */
    static Optional<Mark> read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.exists(file)
                ? Optional.of(parse(Files.readString(file, StandardCharsets.ISO_8859_1)))
                : Optional.empty();
    }

    static Mark parse(String text) throws IOException {
        String[] words = text.split(" ", -1);
        Durability durability = words.length == 5 ? Durability.named(words[2]).orElse(null) : null;
        Position position = position(words[0]);
        if (durability == null
                || position == null
                || !text.equals(new Mark(position, words[1].equals(CLOSED), durability, words[3]).text())) {
            throw new IOException("it is not what was written");
        }
        return new Mark(position, words[1].equals(CLOSED), durability, words[3]);
    }

    private static @Nullable Position position(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Replaces the one before, at no moment leaving none or half of one. */
    void write(Path directory) throws IOException {
        Path next = directory.resolve(FILE + ".next");
        try (FileChannel file = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                OwnFiles.attributes(next))) {
            ByteBuffer bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(next, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        if (closed) {
            // While a store is open the next mark follows soon, and an older one is not wrong.
            Directories.force(directory);
        }
    }

    String text() {
        String words = String.join(" ", position.toString(), closed ? CLOSED : OPEN, durability.word(), boot) + " ";
        var crc = new CRC32C();
        crc.update(words.getBytes(StandardCharsets.ISO_8859_1));
        return words + Long.toHexString(crc.getValue()) + "\n";
    }
}
