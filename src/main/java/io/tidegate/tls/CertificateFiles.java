package io.tidegate.tls;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a certificate and its key are. */
public sealed interface CertificateFiles {

    /**
     * In files of their own, as PEM.
     *
     * @param chain the certificate and those between it and its authority
     * @param key its private key, PKCS#8
     * @param password of an encrypted key, in a file
     */
    record Pem(Path chain, Path key, Optional<Path> password) implements CertificateFiles {}

    /** In one file, with one key or several. */
    record Pkcs12(Path file, Optional<Path> password) implements CertificateFiles {}

    static CertificateFiles from(Section section) {
        return section.has("pkcs12")
                ? new Pkcs12(section.file("pkcs12"), section.fileIfNamed("password-file"))
                : new Pem(section.file("chain"), section.file("key"), section.fileIfNamed("key-password-file"));
    }

    /** All that have to be read. */
    default List<Path> paths() {
        if (this instanceof Pem pem) {
            return Stream.concat(Stream.of(pem.chain(), pem.key()), pem.password().stream())
                    .toList();
        }
        Pkcs12 store = (Pkcs12) this;
        return Stream.concat(Stream.of(store.file()), store.password().stream()).toList();
    }
}
