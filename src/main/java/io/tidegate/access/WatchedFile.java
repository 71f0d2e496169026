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

    /** Of what is in use. */
    private String used = "";

    /** Of what was refused last, or could not be read. */
    private String refused = "";

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
     * @param tellsAgain whether what was refused is to be refused again
     * @throws AccessFileException if it cannot be used
     */
    Optional<T> news(boolean tellsAgain) throws AccessFileException {
        FileContent content = read(file);
        String digest = content.digest();
        if (digest.equals(used)) {
            // What was refused in between is told anew if it comes again.
            refused = "";
            return Optional.empty();
        }
        if (digest.equals(refused) && !tellsAgain) {
            return Optional.empty();
        }
        refused = digest;
        byte[] bytes = bytes(file, content);
        warnIfOpen();
        T news = reading.of(file, bytes);
        refused = "";
        used = digest;
        return Optional.of(news);
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
