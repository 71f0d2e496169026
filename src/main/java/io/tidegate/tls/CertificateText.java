package io.tidegate.tls;

import io.tidegate.document.Visible;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** Certificates for people. */
final class CertificateText {

    private CertificateText() {}

    /** Whose it is: its subject, or where that is empty, as it may be, the first of its names. */
    static String subject(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().toString();
        return Visible.of(subject.isEmpty() ? firstName(certificate) : subject);
    }

    private static String firstName(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? ""
                    : names.stream()
                            .map(name -> name.get(1))
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .findFirst()
                            .orElse("");
        } catch (CertificateParsingException e) {
            return "";
        }
    }

    /** Whose it is, and until when it is valid. */
    static String line(X509Certificate certificate) {
        return subject(certificate) + ", valid until "
                + certificate.getNotAfter().toInstant();
    }
}
