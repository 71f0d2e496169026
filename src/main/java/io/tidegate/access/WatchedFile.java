package io.tidegate.access;

import io.tidegate.reload.FileContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is read again when its content is another one. Not thread-safe. */
final class WatchedFile<T> {

    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);

    /** Of a file; some 80,000 tokens. */
    static final int MOST_BYTES = 16 << 20;

    /** Makes something of what a file has. */
    interface Reading<T> {
        /**
         * Reads it.
         *
         * @throws AccessFileException with a line that names the file
         */
        T of(Path file, byte[] content) throws AccessFileException;
    }

    private final Path file;
    private final boolean isPrivate;
    private final Reading<T> reading;

    /** Of what was there last, also if it was refused, or could not be read: that is told once. */
    private String seen = "";

    /**
     * Has not been looked at yet.
     *
     * @param isPrivate whether it is nobody else's business
     */
    WatchedFile(Path file, boolean isPrivate, Reading<T> reading) {
        this.file = file;
        this.isPrivate = isPrivate;
        this.reading = reading;
    }

    /**
     * What it has now; empty if that was asked already.
     *
     * @throws AccessFileException if it cannot be used, the first time that it is so
     */
    Optional<T> news() throws AccessFileException {
        FileContent content = read(file);
        String digest = content.digest();
        if (digest.equals(seen)) {
            return Optional.empty();
        }
        seen = digest;
        byte[] bytes = bytes(file, content);
        warnIfOpen();
        return Optional.of(reading.of(file, bytes));
    }

    static FileContent read(Path file) {
        return FileContent.read(file, MOST_BYTES);
    }

    static byte[] bytes(Path file, FileContent content) throws AccessFileException {
        return content.bytes()
                .orElseThrow(() -> new AccessFileException("cannot read " + file + ": " + content.failure()));
    }

    private void warnIfOpen() {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("Who else can read {} is not known", file, e);
            return;
        }
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            log.warn("Everybody on this machine can change {}: chmod o-w takes that away", file);
        }
        if (isPrivate && permissions.contains(PosixFilePermission.OTHERS_READ)) {
            log.warn("Everybody on this machine can read {}: chmod o-r takes that away", file);
        }
    }
}
