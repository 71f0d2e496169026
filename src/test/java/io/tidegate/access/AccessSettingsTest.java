package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is known, as it is told. */
class AccessSettingsTest {

    private static final String ISSUER = "issuer = i, audience = a, algorithms = [RS256], keys = k";

    @Test
    void withoutAnythingEverybodyMayDoEverything() throws Exception {
        Identities open = Configured.identities("", new MovedClock(), new Failures());

        assertThat(open.isOpen()).isTrue();
        assertThat(open.anonymous()).isEqualTo(Identity.ANYBODY);
        assertThat(open.now(Identity.ANYBODY)).contains(Identity.ANYBODY);
        assertThat(Configured.now(open, Token.random())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens-file = t",
                "issuers = [{ " + ISSUER + " }]",
                "certificates = [{ match = desk }]",
                "anonymous.read = [orders]"
            })
    void withAnythingAtAllNobodyMayDoEverything(String told) {
        assertThat(Configured.settings(told).isOpen()).isFalse();
    }

    @Test
    void whoHasShownNothingMayDoWhatIsSaid() throws Exception {
        Identities identities = Configured.identities(
                "anonymous { read = [orders, \"prices/eu-*\"] }", new MovedClock(), new Failures());

        assertThat(identities.anonymous())
                .isEqualTo(Identity.unproven(new Rights(
                        Selection.of(List.of(Selector.parse("orders"), Selector.parse("prices/eu-*"))),
                        Selection.NONE,
                        false)));
    }

    @Test
    void anIssuerHasDefaultsAndAllOfThemCanBeTold() {
        List<IssuerSettings> issuers = Configured.settings(
                        """
                issuers = [
                  { %s }
                  { issuer = j, audience = a, algorithms = [ES256, PS512], keys-url = "https://id.example/keys"
                    keys-max-age = 1 h, skew = 0 s, claim = "https://acme/rights"
                    rights { read = ["in/${name}"], write = ["*"], admin = on } }
                  { issuer = k, audience = a, algorithms = [HS256], secret-file = s }
                ]"""
                                .formatted(ISSUER))
                .issuers();

        assertThat(issuers)
                .containsExactly(
                        new IssuerSettings(
                                "i",
                                "a",
                                Set.of("RS256"),
                                new IssuerSettings.Keys.File(Path.of("k")),
                                Duration.ofSeconds(30),
                                "tidegate",
                                new Grant(List.of(), List.of(), false)),
                        new IssuerSettings(
                                "j",
                                "a",
                                Set.of("ES256", "PS512"),
                                new IssuerSettings.Keys.Url(URI.create("https://id.example/keys"), Duration.ofHours(1)),
                                Duration.ZERO,
                                "https://acme/rights",
                                new Grant(List.of("in/${name}"), List.of("*"), true)),
                        new IssuerSettings(
                                "k",
                                "a",
                                Set.of("HS256"),
                                new IssuerSettings.Keys.Secret(Path.of("s")),
                                Duration.ofSeconds(30),
                                "tidegate",
                                new Grant(List.of(), List.of(), false)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issuers = [{}] | tidegate.access.issuers.0.issuer = (nothing): allowed is the issuer",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256] }] | tidegate.access.issuers.0: allowed is one of keys,",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, secret-file = s }] | allowed is one of keys, keys-url and secret-file",
                "issuers = [{ issuer = i, audience = a, algorithms = [none], keys = k }] | tidegate.access.issuers.0.algorithms = [none]: allowed is a list of RS256",
                "issuers = [{ issuer = i, audience = a, algorithms = [], keys = k }] | tidegate.access.issuers.0.algorithms = []: allowed is",
                "issuers = [{ issuer = i, audience = a, algorithms = [HS256], keys = k }] | tidegate.access.issuers.0.algorithms = [HS256]: allowed is",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256, HS256], keys = k }] | .algorithms = [RS256, HS256]: allowed is",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], secret-file = s }] | .algorithms = [RS256]: allowed is",
                "issuers = [{ issuer = i, audience = a, algorithms = [EdDSA], keys = s }] | .algorithms = [EdDSA]: allowed is",
                "issuers = [{ issuer = i, audience = \"\", algorithms = [RS256], keys = s }] | .audience = : allowed is",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, skew = 1 h }] | .skew = 1 h: allowed is a duration from 0 s to 600 s",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, skew = 30 }] | .skew = 30: 30 what?",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, secret = x }] | unknown setting tidegate.access.issuers.0.secret",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, rights.read = [\"${sub}\"] }] | .rights.read = [${sub}]: allowed is a list of selectors",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, rights.admin = maybe }] | .rights.admin = maybe: allowed is on or off",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k, rights = all }] | tidegate.access.issuers.0.rights = all: allowed is a section",
                "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys = k }, { issuer = i, audience = b, algorithms = [RS256], keys = k }] | tidegate.access.issuers.1.issuer = i: allowed is each issuer once",
                "issuers = [ 1 ] | tidegate.access.issuers = [1]: allowed is a list of sections",
                "certificates = [{ match = \"a*b\" }] | tidegate.access.certificates.0.match = a*b: allowed is a name",
                "certificates = [{ match = a, read = orders }] | tidegate.access.certificates.0.read = orders: allowed is a list of selectors",
                "certificates = [{ match = a }, { match = b, wirte = [] }] | unknown setting tidegate.access.certificates.1.wirte",
                "anonymous.read = [\"in/${name}\"] | tidegate.access.anonymous.read = [in/${name}]: allowed is",
                "failures.per-address = 0 | tidegate.access.failures.per-address = 0: allowed is a whole number from 1 to 1000000",
                "remembered-tokens = 0 | tidegate.access.remembered-tokens = 0: allowed is",
            })
    void whatIsWrongIsToldByKeyValueAndWhatIsAllowed(String told, String message) {
        assertThatThrownBy(() -> Configured.settings(told))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example/keys",
                "http://127.0.0.1.example/keys",
                "http://localhost.example/keys",
                "https://user:pw@id.example/keys",
                "ftp://id.example/keys",
                "file:///etc/keys",
                "https:keys",
                "id.example",
                "https://a b"
            })
    void keysAreFetchedFromNowhereUnsafe(String address) {
        assertThatThrownBy(() -> Configured.settings(url(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tidegate.access.issuers.0.keys-url = " + address + ": allowed is an address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://id.example:8443/keys?x=1",
                "http://127.0.0.1:1/keys",
                "http://127.1.2.3/keys",
                "http://localhost/keys",
                "http://[::1]/keys"
            })
    void keysAreFetchedByHttpsAndOnThisMachine(String address) {
        assertThat(Configured.settings(url(address)).issuers().get(0).keys())
                .isEqualTo(new IssuerSettings.Keys.Url(URI.create(address), Duration.ofMinutes(10)));
    }

    private static String url(String address) {
        return "issuers = [{ issuer = i, audience = a, algorithms = [RS256], keys-url = \"" + address + "\" }]";
    }

    @Test
    void allThatIsWrongInAListIsToldAtOnce() {
        assertThatThrownBy(() -> Configured.settings(
                        "certificates = [{}, { match = \"**\" }, { math = a }], remembered-tokens = 0"))
                .hasMessageContaining("5 settings are wrong")
                .hasMessageContaining("did you mean tidegate.access.certificates.2.match?");
    }
}
