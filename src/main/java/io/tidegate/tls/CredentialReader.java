package io.tidegate.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Makes credentials of files, and checks them. */
final class CredentialReader {

    private final FileContents contents;
    private final Instant now;

    CredentialReader(FileContents contents, Instant now) {
        this.contents = contents;
        this.now = now;
    }

    /** One at least. */
    List<Credential> read(CertificateFiles files) throws UnusableCertificateException {
        return files instanceof CertificateFiles.Pem pem ? List.of(read(pem)) : read((CertificateFiles.Pkcs12) files);
    }

    private Credential read(CertificateFiles.Pem files) throws UnusableCertificateException {
        List<X509Certificate> chain = Chain.sorted(PemCertificates.read(files.chain(), contents));
        PrivateKey key =
                new PemKey(files, contents).read(chain.get(0).getPublicKey().getAlgorithm());
        var credential = new Credential(key, chain);
        new CredentialCheck(files.chain(), files.key(), now).require(credential);
        return credential;
    }

    private List<Credential> read(CertificateFiles.Pkcs12 files) throws UnusableCertificateException {
        Path file = files.file();
        char[] password = contents.password(files.password());
        List<Credential> credentials = new ArrayList<>();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(contents.bytes(file)), password);
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
                    credentials.add(new Credential(
                            key,
                            Chain.sorted(Arrays.stream(chain)
                                    .map(X509Certificate.class::cast)
                                    .toList())));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(files, e);
        } finally {
            Arrays.fill(password, '\0');
        }
        if (credentials.isEmpty()) {
            throw new UnusableCertificateException(
                    file, "there is no private key with its certificate in it: export both, openssl pkcs12 -export");
        }
        for (Credential each : credentials) {
            new CredentialCheck(file, file, now).require(each);
        }
        return credentials;
    }

    private static UnusableCertificateException unreadable(CertificateFiles.Pkcs12 files, Exception failure) {
        boolean isPassword =
                failure.getCause() instanceof UnrecoverableKeyException || failure instanceof UnrecoverableKeyException;
        String why = !isPassword
                ? "it is no PKCS#12, or damaged; see what is wrong with it: openssl pkcs12 -info -in " + files.file()
                : files.password()
                        .map(password -> "the password in " + password + " does not open it")
                        .orElse("it needs a password: name the file of it, password-file");
        return new UnusableCertificateException(files.file(), why, failure);
    }
}
