package io.tidegate.tls;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a listener encrypts.
 *
 * @param certificates empty if it does not encrypt
 * @param protocols versions of TLS
 * @param clientAuth whether clients have to show a certificate
 * @param clientCa whose certificates they are, a file of PEM
 * @param handshakeTimeout how long a client may take until it is encrypted
 */
public record TlsSettings(
        List<CertificateFiles> certificates,
        List<String> protocols,
        ClientAuth clientAuth,
        Optional<Path> clientCa,
        Duration handshakeTimeout) {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final List<String> CLIENT_AUTH = Arrays.stream(ClientAuth.values())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();

    /** Without encryption. */
    public static TlsSettings off() {
        return new TlsSettings(List.of(), PROTOCOLS, ClientAuth.NONE, Optional.empty(), Duration.ofSeconds(10));
    }

    /** Reads the section {@code tls} of a listener. */
    public static TlsSettings from(Section tls) {
        TlsSettings settings = read(tls);
        if (settings.clientAuth != ClientAuth.NONE && !settings.isOn()) {
            // Whoever asks for this believes that nobody gets in without a certificate.
            tls.misfit(tls.shown("client-auth") + ": allowed is none while " + tls.name() + ".certificates is empty");
        } else if (settings.clientAuth != ClientAuth.NONE && settings.clientCa.isEmpty()) {
            tls.misfit(tls.shown("client-ca") + ": allowed is the path of a file while " + tls.name()
                    + ".client-auth is not none");
        }
        return settings;
    }

    /** Reads {@code tidegate.tls}, of which each listener may have something else: what fits together is seen there. */
    public static void checkDefaults(Section tls) {
        var unused = read(tls);
    }

    private static TlsSettings read(Section tls) {
        return new TlsSettings(
                tls
                        .sections(
                                "certificates",
                                "a list of { chain = FILE, key = FILE, key-password-file = FILE } and"
                                        + " { pkcs12 = FILE, password-file = FILE }")
                        .stream()
                        .map(CertificateFiles::from)
                        .toList(),
                tls.list("protocols", "a list of TLSv1.3, TLSv1.2 or both", PROTOCOLS, TlsSettings::isChoice),
                ClientAuth.valueOf(tls.word("client-auth", CLIENT_AUTH, word -> word.toLowerCase(Locale.ROOT))
                        .toUpperCase(Locale.ROOT)),
                tls.fileIfNamed("client-ca"),
                tls.duration("handshake-timeout", Duration.ofSeconds(1), Duration.ofHours(1)));
    }

    private static boolean isChoice(List<String> protocols) {
        return !protocols.isEmpty()
                && PROTOCOLS.containsAll(protocols)
                && new HashSet<>(protocols).size() == protocols.size();
    }

    /** Whether the listener encrypts. */
    public boolean isOn() {
        return !certificates.isEmpty();
    }

    /** All files that have to be read. */
    List<Path> paths() {
        return Stream.concat(certificates.stream().flatMap(each -> each.paths().stream()), clientCa.stream())
                .toList();
    }
}
