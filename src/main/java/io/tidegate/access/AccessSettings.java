package io.tidegate.access;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who is known, and what they may do.
 *
 * @param tokensFile with what is known of tokens
 * @param anonymous what those may do who have shown nothing
 * @param attempts how often an address may fail
 * @param limits what each of them may have and do
 * @param rememberedTokens JWTs that were checked, of which that is remembered, at most
 */
public record AccessSettings(
        Optional<Path> tokensFile,
        List<IssuerSettings> issuers,
        List<CertificateRule> certificates,
        Rights anonymous,
        AttemptSettings attempts,
        LimitSettings limits,
        int rememberedTokens) {

    private static final String NOBODYS = "a list of selectors, such as [\"orders\", \"orders/eu-*\"], or [\"*\"] for"
            + " everything; who has shown nothing has no ${name}";

    public static AccessSettings from(Section access) {
        return new AccessSettings(
                access.fileIfNamed("tokens-file"),
                IssuerSettings.from(access),
                CertificateRule.from(access),
                anonymous(access.section("anonymous")),
                AttemptSettings.from(access.section("failures")),
                LimitSettings.from(access.section("limits")),
                access.number("remembered-tokens", 1, 10_000_000));
    }

    private static Rights anonymous(Section section) {
        var grant = new Grant(
                section.list("read", NOBODYS, Grant::isForAnybody),
                section.list("write", NOBODYS, Grant::isForAnybody),
                false);
        return grant.to("").orElse(Rights.NONE);
    }

    /** Whether nobody is known, so that everybody may do everything: it was not said either what anybody may do. */
    public boolean isOpen() {
        return tokensFile.isEmpty() && issuers.isEmpty() && certificates.isEmpty() && anonymous.equals(Rights.NONE);
    }
}
