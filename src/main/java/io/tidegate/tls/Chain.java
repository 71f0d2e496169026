package io.tidegate.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Certificates of a file in the order in which clients are sent them, whatever their order in the file. */
final class Chain {

    private Chain() {}

    /** The listener's own, then each that confirms the one before; what does not belong to it is left out. */
    static List<X509Certificate> sorted(List<X509Certificate> certificates) {
        List<X509Certificate> left = new ArrayList<>(certificates);
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509Certificate> next = certificates.stream()
                .filter(each -> confirmsNone(each, certificates))
                .min(Comparator.comparing(Chain::isAuthority))
                .or(() -> certificates.stream().findFirst());
        while (next.isPresent()) {
            X509Certificate last = next.get();
            chain.add(last);
            left.remove(last);
            next = left.stream().filter(each -> confirms(each, last)).findFirst();
        }
        return List.copyOf(chain);
    }

    private static boolean confirmsNone(X509Certificate certificate, List<X509Certificate> others) {
        return others.stream().noneMatch(other -> !other.equals(certificate) && confirms(certificate, other));
    }

    /** What only an authority has, the length of the chains below it. */
    private static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    private static boolean confirms(X509Certificate authority, X509Certificate certificate) {
        return authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Whether it confirms itself, as a root does. */
    static boolean isSelfIssued(X509Certificate certificate) {
        return confirms(certificate, certificate);
    }
}
