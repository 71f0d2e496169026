package io.tidegate.tls;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What a client encrypts with: whom it trusts, and its own certificate if it has one. */
public final class ClientContext {

    private static final char[] NO_PASSWORD = {};

    private ClientContext() {}

    /**
     * A context for clients.
     *
     * @param authorities PEM, who confirms the server; without it, whom this machine's Java trusts
     * @param own for servers that ask for one
     * @throws UnusableCertificateException in one line, with the file and what to do
     */
    public static SSLContext of(Optional<Path> authorities, Optional<CertificateFiles> own)
            throws UnusableCertificateException {
        List<Path> files = new ArrayList<>();
        authorities.ifPresent(files::add);
        own.ifPresent(each -> files.addAll(each.paths()));
        var contents = FileContents.of(files);
        List<X509Certificate> trusted =
                authorities.isPresent() ? PemCertificates.read(authorities.get(), contents) : List.of();
        List<Credential> credentials = own.isPresent()
                ? new CredentialReader(contents, InstantSource.system().instant()).read(own.get())
                : List.of();
        return context(trusted, credentials);
    }

    /**
     * A client for HTTP/1.1, in plain and over TLS, that shows no certificate.
     *
     * @param patience until it is connected
     */
    public static HttpClient http(Optional<Path> authorities, Duration patience) throws UnusableCertificateException {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .sslContext(of(authorities, Optional.empty()))
                .build();
    }

    private static SSLContext context(List<X509Certificate> trusted, List<Credential> credentials) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Without any, null stands for whom the system trusts.
            context.init(keys(credentials), trusted.isEmpty() ? null : Contexts.trustManagers(trusted), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has what is needed here", e);
        }
    }

    private static KeyManager[] keys(List<Credential> credentials) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Credential each : credentials) {
            store.setKeyEntry(
                    "own-" + store.size(), each.key(), NO_PASSWORD, each.chain().toArray(X509Certificate[]::new));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }
}
