package io.tidegate.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes the context that engines are made of. Never changed afterwards: who resumes a session is not checked again. */
final class Contexts {

    private Contexts() {}

    /**
     * A context.
     *
     * @param credentials the first is the default
     * @param clientCa whose certificates clients may show; empty if none
     */
    static SSLContext of(List<Credential> credentials, List<X509Certificate> clientCa) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new CredentialChoice(credentials)}, trustManagers(clientCa), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has what is needed here", e);
        }
    }

    /** None trusts nobody; null would trust whom the system does. */
    static TrustManager[] trustManagers(List<X509Certificate> clientCa) throws GeneralSecurityException, IOException {
        if (clientCa.isEmpty()) {
            return new TrustManager[0];
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < clientCa.size(); i++) {
            store.setCertificateEntry("ca-" + i, clientCa.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }
}
