package io.tidegate.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are nobody else's business, where the system knows of such a thing. */
public final class OwnFiles {

    private static final FileAttribute<?>[] NOTHING = {};

    private OwnFiles() {}

    /** Whether everybody on this machine may read it; not, where nothing is known of that. */
    public static boolean isReadableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** With what a new file there is made, that only its owner may read and write. */
    public static FileAttribute<?>[] attributes(Path there) {
        return there.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : NOTHING;
    }
}
