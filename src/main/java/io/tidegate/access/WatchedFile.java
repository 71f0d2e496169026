package io.tidegate.access;

import io.tidegate.document.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that is read again when its content is another one. Not thread-safe. */
final class WatchedFile<T> {

    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);

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

    /** Of the content that was read last, also if it was refused: that is told once. */
    private byte[] seen = new byte[0];

    private boolean isGone;

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
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            if (isGone) {
                return Optional.empty();
            }
            isGone = true;
            seen = new byte[0];
            throw new AccessFileException("cannot read " + file + ": " + Reason.of(e), e);
        }
        isGone = false;
        byte[] hash = Token.sha256(content);
        if (Arrays.equals(hash, seen)) {
            return Optional.empty();
        }
        seen = hash;
        warnIfOpen();
        return Optional.of(reading.of(file, content));
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
