package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.tidegate.reload.Reload;
import io.tidegate.reload.Reloadable.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of JWTs in files, and what is remembered of tokens that they signed. */
class JwtKeysTest {

    private static final JWSAlgorithm RS256 = JWSAlgorithm.RS256;
    private static final RSAKey NEXT = SomeIssuer.rsa("r2", 2048);

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock();
    private final Failures failures = new Failures();

    private Path keys(String content) throws Exception {
        return Files.writeString(directory.resolve("keys"), content);
    }

    private static String issuer(String algorithms, String keys) {
        return "issuers = [{ issuer = \"" + SomeIssuer.NAME + "\", audience = tidegate, algorithms = [" + algorithms
                + "], " + keys + " }]";
    }

    private Identities identities(String algorithms, String keys) throws AccessFileException {
        return Configured.identities(issuer(algorithms, keys), clock, failures);
    }

    private static String token(JWK key) {
        return SomeIssuer.signed(key, RS256, SomeIssuer.claims());
    }

    @Test
    void keysRotateByReloadsWhileTokensOfBothAreGood() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Identities identities = identities("RS256", "keys = \"" + file + "\"");
        Identity old = Configured.now(identities, token(SomeIssuer.RSA)).orElseThrow();
        assertThat(Configured.now(identities, token(NEXT))).isEmpty();

        keys(SomeIssuer.jwks(SomeIssuer.RSA, NEXT));
        assertThat(identities.reload(Trigger.HAND)).extracting(Reload::result).isEqualTo(Reload.Result.RELOADED);
        Identity next = Configured.now(identities, token(NEXT)).orElseThrow();
        assertThat(identities.now(old)).contains(old);

        keys(SomeIssuer.jwks(NEXT));
        long version = identities.version();
        assertThat(identities.reload(Trigger.HAND)).extracting(Reload::result).isEqualTo(Reload.Result.RELOADED);
        assertThat(identities.version()).isGreaterThan(version);
        assertThat(identities.now(old)).isEmpty();
        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isEmpty();
        assertThat(identities.now(next)).contains(next);
    }

    @Test
    void aKeyThatIsAnotherOneByTheSameNameIsAnotherKey() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Identities identities = identities("RS256", "keys = \"" + file + "\"");
        Identity identity = Configured.now(identities, token(SomeIssuer.RSA)).orElseThrow();

        keys(SomeIssuer.jwks(SomeIssuer.rsa("r1", 2048)));
        identities.reload(Trigger.HAND);

        assertThat(identities.now(identity)).isEmpty();
        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | allowed is a set of keys (JWKS)",
                "{} | allowed is a set of keys (JWKS)",
                "{\"keys\":[]} | none of its keys is for RS256",
                "tg_secret | allowed is a set of keys (JWKS)",
            })
    void keysThatAreNoneAreRefusedAndTheOldOnesStay(String content, String message) throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Identities identities = identities("RS256", "keys = \"" + file + "\"");

        keys(content);

        assertThat(identities.reload(Trigger.HAND))
                .satisfies(refused -> assertThat(refused.result()).isEqualTo(Reload.Result.REFUSED))
                .satisfies(refused -> assertThat(refused.line())
                        .startsWith(file + ": " + message)
                        .doesNotContain("tg_"));
        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isPresent();
        assertThatThrownBy(() -> identities("RS256", "keys = \"" + file + "\""))
                .isInstanceOf(AccessFileException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void keysThatAreTooWeakOrOfAnotherKindStopTheStart() throws Exception {
        Path weak = keys(
                SomeIssuer.jwks(new RSAKey.Builder(SomeIssuer.rsa("w", 1024).toRSAPublicKey())
                        .keyID("w")
                        .build()));
        assertThatThrownBy(() -> identities("RS256", "keys = \"" + weak + "\""))
                .hasMessage(weak + ": it has an RSA key of 1024 bits: allowed are 2048 and more");

        Path other = keys(SomeIssuer.jwks(SomeIssuer.ec("e", Curve.P_384)));
        assertThatThrownBy(() -> identities("ES256", "keys = \"" + other + "\""))
                .hasMessage(other + ": none of its keys is for ES256: allowed is a set with one");
    }

    @Test
    void oneSourceThatIsRefusedDoesNotKeepBackTheOthers() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Path tokens = Files.writeString(directory.resolve("tokens"), "");
        Identities identities = Configured.identities(
                "tokens-file = \"" + tokens + "\"\n" + issuer("RS256", "keys = \"" + file + "\""), clock, failures);

        Files.writeString(tokens, "x");
        keys(SomeIssuer.jwks(NEXT));

        assertThat(identities.reload(Trigger.HAND))
                .satisfies(refused -> assertThat(refused.result()).isEqualTo(Reload.Result.REFUSED))
                .satisfies(refused -> assertThat(refused.line())
                        .startsWith(tokens + ":1: ")
                        .endsWith("; the other files are in use: tokens: 0, issuers: 1"));
        assertThat(Configured.now(identities, token(NEXT))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
    void aSharedSecretIsAsLongAsItsHash(String algorithm, int least) throws Exception {
        String secret = "s".repeat(least);
        Path file = keys(secret + "\r\n");
        Identities identities = identities(algorithm, "secret-file = \"" + file + "\"");
        var key = new OctetSequenceKey.Builder(secret.getBytes(StandardCharsets.US_ASCII)).build();
        String token = SomeIssuer.signed(key, JWSAlgorithm.parse(algorithm), SomeIssuer.claims());
        Identity identity = Configured.now(identities, token).orElseThrow();

        var named = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .keyID("any")
                .build();
        assertThat(Configured.now(identities, SomeIssuer.signed(key, named, SomeIssuer.claims())))
                .isPresent();

        keys(secret.substring(1) + "\n");
        assertThat(identities.reload(Trigger.HAND))
                .isEqualTo(Reload.refused(
                        file + ": it has " + (least - 1) + " bytes: allowed are " + least + " and more"));
        assertThat(identities.now(identity)).contains(identity);

        keys("t".repeat(least));
        identities.reload(Trigger.HAND);
        assertThat(identities.now(identity)).isEmpty();
        assertThat(Configured.now(identities, token)).isEmpty();
    }

    @Test
    void anIdentityOfAnIssuerThatIsGoneIsNobodys() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Identity identity = Configured.now(identities("RS256", "keys = \"" + file + "\""), token(SomeIssuer.RSA))
                .orElseThrow();

        assertThat(Configured.identities("", clock, failures).now(identity)).isEmpty();
    }

    @Test
    void aTokenIsCheckedOnceAndRememberedUntilItExpires() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Deque<Runnable> tasks = new ArrayDeque<>();
        Identities identities = Identities.open(
                Configured.settings("remembered-tokens = 1\n" + issuer("RS256", "keys = \"" + file + "\"")),
                tasks::add,
                Runnable::run,
                clock,
                failures);
        String token = token(SomeIssuer.RSA);
        String other =
                SomeIssuer.signed(SomeIssuer.RSA, RS256, SomeIssuer.claims().subject("other"));

        CompletableFuture<Optional<Identity>> first =
                identities.token(token, why -> {}).toCompletableFuture();
        assertThat(first).isNotDone();
        tasks.remove().run();
        assertThat(first.join()).isPresent();
        assertThat(identities.token(token, why -> {}).toCompletableFuture()).isCompletedWithValue(first.join());

        // One is remembered, the newest.
        var unused = identities.token(other, why -> {});
        tasks.remove().run();
        assertThat(identities.token(token, why -> {}).toCompletableFuture()).isNotDone();
        tasks.remove().run();

        clock.passes(Duration.ofSeconds(3600 + 30));
        CompletableFuture<Optional<Identity>> late =
                identities.token(token, why -> {}).toCompletableFuture();
        tasks.remove().run();
        assertThat(late.join()).isEmpty();
        assertThat(failures.counts()).containsEntry(FailureReason.EXPIRED, 1L);
    }

    @Test
    void whatCannotBeCheckedNowIsNobodys() throws Exception {
        Path file = keys(SomeIssuer.jwks(SomeIssuer.RSA));
        Identities identities = Identities.open(
                Configured.settings(issuer("RS256", "keys = \"" + file + "\"")),
                task -> {
                    throw new RejectedExecutionException();
                },
                Runnable::run,
                clock,
                failures);

        assertThat(Configured.now(identities, token(SomeIssuer.RSA))).isEmpty();
        assertThat(failures.counts()).containsEntry(FailureReason.BUSY, 1L);
    }

    @Test
    void aTokenThatNamesNoKeyIsTriedWithFew() throws Exception {
        List<JWK> many = List.of(
                SomeIssuer.ec("a", Curve.P_256),
                SomeIssuer.ec("b", Curve.P_256),
                SomeIssuer.ec("c", Curve.P_256),
                SomeIssuer.ec("d", Curve.P_256),
                SomeIssuer.ec("e", Curve.P_256));
        Path file = keys(SomeIssuer.jwks(many.toArray(JWK[]::new)));
        Identities identities = identities("ES256", "keys = \"" + file + "\"");
        var header = new JWSHeader(JWSAlgorithm.ES256);

        assertThat(Configured.now(identities, SomeIssuer.signed(many.get(3), header, SomeIssuer.claims())))
                .isPresent();
        assertThat(Configured.now(identities, SomeIssuer.signed(many.get(4), header, SomeIssuer.claims())))
                .isEmpty();
        assertThat(Configured.now(identities, SomeIssuer.signed(many.get(4), JWSAlgorithm.ES256, SomeIssuer.claims())))
                .isPresent();
    }
}
