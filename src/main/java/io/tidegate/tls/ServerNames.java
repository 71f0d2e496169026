package io.tidegate.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that a certificate is for.
 *
 * @param patterns in small letters; {@code *.example.org} is for each name with one more label
 */
record ServerNames(Set<String> patterns) {

    /** The kind of a name in a certificate that is one of a host. */
    private static final int DNS = 2;

    static ServerNames of(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return new ServerNames(
                    names == null
                            ? Set.of()
                            : names.stream()
                                    .filter(name -> Integer.valueOf(DNS).equals(name.get(0)))
                                    .map(name -> small(String.valueOf(name.get(1))))
                                    .collect(Collectors.toUnmodifiableSet()));
        } catch (CertificateParsingException e) {
            return new ServerNames(Set.of());
        }
    }

    boolean match(String name) {
        String asked = small(name);
        int dot = asked.indexOf('.');
        return patterns.contains(asked) || (dot > 0 && patterns.contains("*" + asked.substring(dot)));
    }

    private static String small(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
