package io.tidegate.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/** Who may read what is secret. */
final class KeyPermissions {

    private KeyPermissions() {}

    /** A line for each file with a key or its password that everybody on this machine may read. */
    static List<String> warnings(List<CertificateFiles> files) {
        return files.stream()
                .flatMap(KeyPermissions::secrets)
                .filter(KeyPermissions::isReadableByOthers)
                .map(file -> file + " can be read by every user of this machine: chmod o-r " + file)
                .toList();
    }

    private static Stream<Path> secrets(CertificateFiles files) {
        return files.paths().stream()
                .filter(path -> !(files instanceof CertificateFiles.Pem pem && path.equals(pem.chain())));
    }

    private static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            // Where there are no such permissions nothing can be said of them.
            return false;
        }
    }
}
