package io.tidegate.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** By which names a certificate knows whom it is for. */
final class CertificateNames {

    /** Kinds of alternative names, by their numbers, in the order in which they are looked at. */
    private static final int URI = 6;

    private static final int DNS = 2;
    private static final int EMAIL = 1;

    private CertificateNames() {}

    /** The alternative names that are URIs, hosts (in small letters) and addresses of e-mail, then the common name of the subject. */
    static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (int kind : List.of(URI, DNS, EMAIL)) {
                for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                    if (each.get(0).equals(kind) && each.get(1) instanceof String name) {
                        names.add(kind == DNS ? name.toLowerCase(Locale.ROOT) : name);
                    }
                }
            }
            names.addAll(commonNames(certificate));
        } catch (CertificateParsingException | NamingException e) {
            // One whose names cannot be read is nobody's.
            return List.of();
        }
        names.removeIf(name -> !PlainName.isPlain(name));
        return names;
    }

    /** The one that says most: the first as a subject is written. */
    private static List<String> commonNames(X509Certificate certificate) throws NamingException {
        List<Rdn> parts = subject(certificate).getRdns();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Attribute name = parts.get(i).toAttributes().get("CN");
            if (name != null && name.get() instanceof String text) {
                return List.of(text);
            }
        }
        return List.of();
    }

    private static LdapName subject(X509Certificate certificate) throws InvalidNameException {
        return new LdapName(certificate.getSubjectX500Principal().getName());
    }
}
