package io.tidegate.access;

import io.tidegate.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose JSON Web Tokens are taken, and how they are checked.
 *
 * @param issuer what they have as {@code iss}
 * @param audience what they have in {@code aud}
 * @param algorithms by which they may be signed
 * @param skew how far the issuer's clock may be off
 * @param claim that has the rights
 * @param grant the rights of those without that claim
 */
record IssuerSettings(
        String issuer, String audience, Set<String> algorithms, Keys keys, Duration skew, String claim, Grant grant) {

    private static final List<String> SECRET_ALGORITHMS = List.of("HS256", "HS384", "HS512");

    private static final List<String> PUBLIC_ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final String ALGORITHMS = "a list of "
            + String.join(", ", PUBLIC_ALGORITHMS) + ", or of " + String.join(", ", SECRET_ALGORITHMS)
            + " with a secret-file";

    private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|\\[::1]";

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration MOST_SKEW = Duration.ofMinutes(10);
    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final String CLAIM = "tidegate";

    /** Where the keys are. */
    sealed interface Keys {

        /** A set of public keys (JWKS). */
        record File(Path path) implements Keys {}

        /**
         * The same, to be fetched.
         *
         * @param maxAge after which it is fetched again
         */
        record Url(URI address, Duration maxAge) implements Keys {}

        /** The bytes that issuer and server share. */
        record Secret(Path path) implements Keys {}
    }

    static List<IssuerSettings> from(Section access) {
        Set<String> names = new HashSet<>();
        return access.sections("issuers", "a list of sections, [{ … }, …]").stream()
                .map(section -> from(section, names))
                .toList();
    }

    private static IssuerSettings from(Section section, Set<String> names) {
        String issuer = section.text("issuer", "the issuer as tokens name it", text -> !text.isBlank());
        if (!names.add(issuer)) {
            section.misfit(section.shown("issuer") + ": allowed is each issuer once");
        }
        List<String> algorithms = section.list("algorithms", ALGORITHMS, IssuerSettings::isAlgorithm);
        Keys keys = keys(section);
        List<String> fitting = keys instanceof Keys.Secret ? SECRET_ALGORITHMS : PUBLIC_ALGORITHMS;
        if (algorithms.isEmpty() || !fitting.containsAll(algorithms)) {
            section.misfit(section.shown("algorithms") + ": allowed is " + ALGORITHMS);
        }
        return new IssuerSettings(
                issuer,
                section.text("audience", "the server as tokens name it", text -> !text.isBlank()),
                Set.copyOf(algorithms),
                keys,
                section.has("skew") ? section.duration("skew", Duration.ZERO, MOST_SKEW) : SKEW,
                section.has("claim") ? section.text("claim", "the name of a claim", text -> !text.isBlank()) : CLAIM,
                Grant.from(section.section("rights")));
    }

    private static boolean isAlgorithm(String text) {
        return PUBLIC_ALGORITHMS.contains(text) || SECRET_ALGORITHMS.contains(text);
    }

    private static Keys keys(Section section) {
        Duration maxAge = section.has("keys-max-age")
                ? section.duration("keys-max-age", Duration.ofMinutes(1), Duration.ofDays(1))
                : MAX_AGE;
        List<Keys> told = Stream.of(
                        section.fileIfNamed("keys").<Keys>map(Keys.File::new),
                        address(section).<Keys>map(url -> new Keys.Url(url, maxAge)),
                        section.fileIfNamed("secret-file").<Keys>map(Keys.Secret::new))
                .flatMap(Optional::stream)
                .toList();
        if (told.size() != 1) {
            section.misfit(section.name() + ": allowed is one of keys, keys-url and secret-file");
        }
        return told.isEmpty() ? new Keys.File(Path.of("")) : told.get(0);
    }

    private static Optional<URI> address(Section section) {
        if (!section.has("keys-url")) {
            return Optional.empty();
        }
        String address = section.text(
                "keys-url",
                "an address that begins with https://, or with http:// on loopback, without a user",
                text -> text.isEmpty() || isAddress(text));
        return Optional.of(address).filter(text -> !text.isEmpty()).map(URI::create);
    }

    private static boolean isAddress(String text) {
        try {
            var address = new URI(text);
            String host = address.getHost();
            return host != null
                    && address.getUserInfo() == null
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme()) && host.matches(LOOPBACK)));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
