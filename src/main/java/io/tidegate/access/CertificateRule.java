package io.tidegate.access;

import io.tidegate.settings.Section;
import java.util.List;
import java.util.Optional;

/**
 * What those may do whose certificate has a certain name.
 *
 * @param match the name, or with {@code *} at its end what it begins with
 */
record CertificateRule(String match, Grant grant) {

    private static final String ANY = "*";

    static List<CertificateRule> from(Section access) {
        return access.sections("certificates", "a list of sections, [{ … }, …]").stream()
                .map(rule -> new CertificateRule(
                        rule.text(
                                "match",
                                "a name, or its beginning and *, such as spiffe://acme/desk/*",
                                CertificateRule::isMatch),
                        Grant.from(rule)))
                .toList();
    }

    private static boolean isMatch(String text) {
        return !text.isBlank() && text.indexOf('*') == (text.endsWith(ANY) ? text.length() - 1 : -1);
    }

    /** What of a name is put in for that of the identity: what {@code *} stands for, or all of it; empty if it does not match. */
    Optional<String> matched(String name) {
        if (!match.endsWith(ANY)) {
            return name.equals(match) ? Optional.of(name) : Optional.empty();
        }
        String beginning = match.substring(0, match.length() - 1);
        return name.startsWith(beginning) ? Optional.of(name.substring(beginning.length())) : Optional.empty();
    }
}
