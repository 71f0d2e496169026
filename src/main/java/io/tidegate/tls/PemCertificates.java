package io.tidegate.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the certificates of a file in PEM. */
final class PemCertificates {

    private static final String LABEL = "CERTIFICATE";

    private PemCertificates() {}

    /** One at least, in the order of the file. */
    static List<X509Certificate> read(Path file, FileContents contents) throws UnusableCertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemBlock block : PemBlock.read(contents.bytes(file))) {
                if (block.label().equals(LABEL)) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new UnusableCertificateException(
                    file,
                    "certificate " + (certificates.size() + 1)
                            + " in it is damaged; see what is wrong with it: openssl x509 -noout -text -in " + file,
                    e);
        }
        if (certificates.isEmpty()) {
            throw new UnusableCertificateException(
                    file,
                    "there is no certificate in it: it has to have one in PEM, -----BEGIN CERTIFICATE-----; one in DER is"
                            + " converted by openssl x509 -inform der -in " + file + " -out " + file + ".pem");
        }
        return certificates;
    }
}
