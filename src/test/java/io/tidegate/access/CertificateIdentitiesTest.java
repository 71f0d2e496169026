package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

/** Who somebody is by the names of a certificate. */
class CertificateIdentitiesTest {

    private static final Instant END = MovedClock.START.plusSeconds(3600);
    private static final KeyPair KEYS = keys();

    private static final String RULES =
            """
            certificates = [
              { match = "spiffe://acme/desk/*", read = ["inbox/${name}/*"] }
              { match = "spiffe://acme/desk/boss", read = ["*"], admin = on }
              { match = "feed.example.org", write = ["prices"] }
              { match = "ops@example.org", admin = on }
              { match = "Some One", read = ["orders"] }
              { match = "host-*", read = ["of-${name}"] }
            ]""";

    private final MovedClock clock = new MovedClock();
    private final Failures failures = new Failures();

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static GeneralName uri(String name) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, name);
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static GeneralName email(String name) {
        return new GeneralName(GeneralName.rfc822Name, name);
    }

    private static X509Certificate certificate(String subject, GeneralName... names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=some authority"),
                BigInteger.ONE,
                Date.from(MovedClock.START.minusSeconds(1)),
                Date.from(END),
                new X500Name(subject),
                KEYS.getPublic());
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
    }

    private Identities identities(String told) throws AccessFileException {
        return Configured.identities(told, clock, failures);
    }

    private Optional<Identity> who(String subject, GeneralName... names) throws Exception {
        return identities(RULES).certificate(List.of(certificate(subject, names)), why -> {});
    }

    private static List<String> reads(Identity identity) {
        return Grant.words(identity.rights().read());
    }

    @Test
    void namesAreLookedAtInTheirOrderWhateverTheOrderInTheCertificate() throws Exception {
        Stream<Optional<Identity>> found = Stream.of(
                who("CN=Some One", email("ops@example.org"), dns("feed.example.org"), uri("spiffe://acme/desk/eu-1")),
                who("CN=Some One", email("ops@example.org"), dns("feed.example.org"), uri("spiffe://other/desk/eu-1")),
                who("CN=Some One", email("ops@example.org"), dns("other.example.org")),
                who("CN=Some One", email("other@example.org")),
                who("CN=Nobody", dns("other.example.org")));

        assertThat(found.map(each -> each.map(Identity::name).orElse("")))
                .containsExactly(
                        "mtls:spiffe://acme/desk/eu-1",
                        "mtls:feed.example.org",
                        "mtls:ops@example.org",
                        "mtls:Some One",
                        "");
        assertThat(failures.counts()).containsEntry(FailureReason.CERTIFICATE, 1L);
    }

    @Test
    void whatTheAsteriskStandsForIsPutIn() throws Exception {
        Identity identity = who("CN=x", uri("spiffe://acme/desk/eu-1")).orElseThrow();

        assertThat(reads(identity)).containsExactly("inbox/eu-1/*");
        assertThat(identity.expiresAt()).isEqualTo(END);
        assertThat(reads(who("CN=host-7").orElseThrow())).containsExactly("of-7");
    }

    @Test
    void aNameThatCannotBePutInIsNobodys() throws Exception {
        for (String wrong : List.of("", "a/b", "*", "%2A", "a%20b")) {
            assertThat(who("CN=x", uri("spiffe://acme/desk/" + wrong)))
                    .as(wrong)
                    .isEmpty();
        }
        assertThat(failures.counts()).containsEntry(FailureReason.NAME, 5L);
    }

    @Test
    void ofAFewRulesForANameTheFirstCounts() throws Exception {
        Identity boss = who("CN=x", uri("spiffe://acme/desk/boss")).orElseThrow();

        assertThat(boss.rights().admin()).isFalse();
        assertThat(reads(boss)).containsExactly("inbox/boss/*");
    }

    @Test
    void neighboursOfANameAreNobody() throws Exception {
        assertThat(who("CN=Some One else")).isEmpty();
        assertThat(who("CN=some one")).isEmpty();
        assertThat(who("CN=x,OU=Some One")).isEmpty();
        assertThat(who("CN=x", dns("feed.example.org.evil.example"))).isEmpty();
        assertThat(who("CN=x", uri("spiffe://acme/desk"))).isEmpty();
        assertThat(who("CN=x", uri("SPIFFE://acme/desk/eu-1"))).isEmpty();
        assertThat(who("O=no name at all")).isEmpty();
        assertThat(who("CN=Some One\\, and more")).isEmpty();
        assertThat(who("CN=x", new GeneralName(GeneralName.iPAddress, "192.0.2.1")))
                .isEmpty();
        assertThat(who("CN=x", dns("FEED.example.org"))).isPresent();
    }

    @Test
    void ofCommonNamesThatSaysMostCounts() throws Exception {
        // As it is written in the certificate: from the whole to the part.
        assertThat(who("CN=Some One,CN=x")).isEmpty();
        assertThat(who("O=acme,CN=x,CN=Some One").orElseThrow().name()).isEqualTo("mtls:Some One");
        assertThat(who("O=acme,CN=Some One+OU=desk")).isPresent();
    }

    @Test
    void aNameThatSteersTerminalsIsNoName() throws Exception {
        assertThat(who("CN=host-\u001b[2J")).isEmpty();
    }

    @Test
    void itEndsWithTheCertificate() throws Exception {
        Identities identities = identities(RULES);
        X509Certificate certificate = certificate("CN=Some One");
        Identity identity =
                identities.certificate(List.of(certificate), why -> {}).orElseThrow();

        clock.passes(Duration.between(MovedClock.START, END).minusNanos(1));
        assertThat(identities.now(identity)).contains(identity);

        clock.passes(Duration.ofNanos(1));
        assertThat(identities.now(identity)).isEmpty();
        assertThat(identities.certificate(List.of(certificate), why -> {})).isEmpty();
        assertThat(identities.certificate(List.of(), why -> {})).isEmpty();
    }

    @Test
    void aRuleThatIsGoneOrHasOtherRightsCountsForWhoWasKnownBefore() throws Exception {
        Identity identity = who("CN=Some One").orElseThrow();

        assertThat(identities("certificates = [{ match = \"Other\" }]").now(identity))
                .isEmpty();
        assertThat(identities("certificates = [{ match = \"Some*\", write = [\"*\"] }]")
                        .now(identity)
                        .orElseThrow()
                        .rights())
                .isEqualTo(new Rights(io.tidegate.document.Selection.NONE, io.tidegate.document.Selection.ALL, false));
    }
}
