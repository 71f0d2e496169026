package io.tidegate.tls;

import io.tidegate.document.OwnFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Who may read what is secret. */
final class KeyPermissions {

    private KeyPermissions() {}

    /** A line for each file with a key or its password that everybody on this machine may read. */
    static List<String> warnings(List<CertificateFiles> files) {
        return files.stream()
                .flatMap(KeyPermissions::secrets)
                .filter(OwnFiles::isReadableByAll)
                .map(file -> file + " can be read by every user of this machine: chmod o-r " + file)
                .toList();
    }

    private static Stream<Path> secrets(CertificateFiles files) {
        return files.paths().stream()
                .filter(path -> !(files instanceof CertificateFiles.Pem pem && path.equals(pem.chain())));
    }
}
