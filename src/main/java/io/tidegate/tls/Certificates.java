package io.tidegate.tls;

import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener encrypts with: its certificates, and whose certificates it takes from clients.
 *
 * <p>When the files have changed, and what is in them is right, a new context takes the place of the old one. Engines that were made
 * before go on with theirs, so no connection is lost. Thread-safe.
 */
public final class Certificates implements Reloadable {

    /** In the order in which they are chosen: none without forward secrecy, none without authenticated encryption. */
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Logger log = LoggerFactory.getLogger(Certificates.class);

    /**
     * What is in use.
     *
     * @param own the certificate of each credential
     * @param all these, those that confirm them, and those that confirm clients
     * @param digest of the files
     */
    private record Loaded(SSLContext context, List<X509Certificate> own, List<X509Certificate> all, String digest) {

        String line() {
            return own.stream().map(CertificateText::line).collect(Collectors.joining("; "));
        }
    }

    private final String listener;
    private final TlsSettings settings;
    private final List<String> applicationProtocols;
    private final InstantSource clock;

    private volatile Loaded loaded;

    // Digests of files that are of no use, empty for none. The reloader's: it reads once at a time.
    private String doubted = "";
    private String refused = "";

    private Certificates(String listener, TlsSettings settings, List<String> applicationProtocols, InstantSource clock)
            throws UnusableCertificateException {
        this.listener = listener;
        this.settings = settings;
        this.applicationProtocols = List.copyOf(applicationProtocols);
        this.clock = clock;
        this.loaded = load(FileContents.of(settings.paths()));
    }

    /**
     * Reads and checks the certificates of a listener.
     *
     * @param listener its name
     * @param settings that are on
     * @param applicationProtocols what is spoken inside, for clients that ask for it (ALPN); empty if nothing is said of it
     */
    public static Certificates load(
            String listener, TlsSettings settings, List<String> applicationProtocols, InstantSource clock)
            throws UnusableCertificateException {
        var certificates = new Certificates(listener, settings, applicationProtocols, clock);
        log.info("The listener {} has certificates: {}", listener, certificates.loaded.line());
        certificates.warnOfPermissions();
        return certificates;
    }

    private Loaded load(FileContents contents) throws UnusableCertificateException {
        var reader = new CredentialReader(contents, clock.instant());
        List<Credential> credentials = new ArrayList<>();
        for (CertificateFiles files : settings.certificates()) {
            credentials.addAll(reader.read(files));
        }
        List<X509Certificate> clientCa = settings.clientCa().isPresent()
                ? PemCertificates.read(settings.clientCa().get(), contents)
                : List.of();
        return new Loaded(
                Contexts.of(credentials, clientCa),
                credentials.stream().map(Credential::certificate).toList(),
                Stream.concat(credentials.stream().flatMap(each -> each.chain().stream()), clientCa.stream())
                        .distinct()
                        .toList(),
                contents.digest());
    }

    private void warnOfPermissions() {
        KeyPermissions.warnings(settings.certificates()).forEach(log::warn);
    }

    /** An engine for a new connection, with what is in use now. */
    public SSLEngine engine() {
        SSLEngine engine = loaded.context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        parameters.setCipherSuites(CIPHER_SUITES.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        switch (settings.clientAuth()) {
            case NONE -> {}
            case WANT -> parameters.setWantClientAuth(true);
            case REQUIRE -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The name of the listener. */
    public String listener() {
        return listener;
    }

    /** All that are in use: the listener's own, those that confirm them, and those that confirm clients. */
    List<X509Certificate> inUse() {
        return loaded.all();
    }

    @Override
    public String what() {
        return listener + " certificates";
    }

    @Override
    public Reload reload(Trigger trigger) {
        FileContents contents = FileContents.of(settings.paths());
        String digest = contents.digest();
        if (digest.equals(loaded.digest())) {
            doubted = "";
            refused = "";
            return Reload.unchanged();
        }
        try {
            loaded = load(contents);
        } catch (UnusableCertificateException e) {
            return isTold(digest, trigger) ? Reload.refused(String.valueOf(e.getMessage())) : Reload.unchanged();
        }
        doubted = "";
        refused = "";
        warnOfPermissions();
        return Reload.reloaded(loaded.line());
    }

    /** Certificate and key are two files, which nobody can change at once: between them they are no pair, and nobody's mistake. */
    private boolean isTold(String digest, Trigger trigger) {
        boolean isTold = trigger == Trigger.HAND || (digest.equals(doubted) && !digest.equals(refused));
        doubted = digest;
        if (isTold) {
            refused = digest;
        }
        return isTold;
    }
}
