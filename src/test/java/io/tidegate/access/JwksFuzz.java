package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets of keys in any bytes: what is none is refused in one line, and one that is taken has public keys only, and harms no check. */
class JwksFuzz {

    private static final int MOST_FITTING = 4;
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<String> ALGORITHMS = Set.of("RS256", "PS512", "ES256", "ES384", "ES512");
    private static final IssuerSettings ISSUER = new IssuerSettings(
            SomeIssuer.NAME,
            "tidegate",
            ALGORITHMS,
            new IssuerSettings.Keys.File(Path.of("jwks.json")),
            Duration.ZERO,
            "tidegate",
            new Grant(List.of(), List.of(), false));

    /** By keys that no set has, since they are made anew each time. */
    private static final List<String> TOKENS = List.of(
            SomeIssuer.signed(SomeIssuer.RSA, new JWSHeader(JWSAlgorithm.RS256), SomeIssuer.claims()),
            SomeIssuer.signed(SomeIssuer.RSA, new JWSHeader(JWSAlgorithm.PS512), SomeIssuer.claims()),
            SomeIssuer.signed(SomeIssuer.EC, new JWSHeader(JWSAlgorithm.ES256), SomeIssuer.claims()));

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void aSetOfKeysIsTheSameWhenItIsReadAgainAndNobodysTokenIsGoodByIt(byte[] bytes) {
        String json = new String(bytes, StandardCharsets.UTF_8);
        KeySet keys = read(json);
        if (keys == null) {
            return;
        }
        assertThat(read(json)).isEqualTo(keys);
        for (String algorithm : ALGORITHMS) {
            List<JWK> fitting = keys.fitting(new JWSHeader(JWSAlgorithm.parse(algorithm)));
            assertThat(fitting).hasSizeLessThanOrEqualTo(MOST_FITTING);
            for (JWK key : fitting) {
                assertThat(key.isPrivate()).isFalse();
                assertThat(keys.has(KeySet.thumbprint(key))).isTrue();
                assertThat(key instanceof RSAKey rsa && rsa.size() < LEAST_RSA_BITS)
                        .isFalse();
            }
        }
        for (String token : TOKENS) {
            assertThat(refusal(token, keys)).isIn(FailureReason.KEY, FailureReason.SIGNATURE);
        }
    }

    private static @Nullable KeySet read(String json) {
        try {
            return KeySet.ofJwks(json, ALGORITHMS);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("allowed").isEqualTo(Visible.of(String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** Null if it is taken. */
    private static @Nullable FailureReason refusal(String token, KeySet keys) {
        try {
            var unused = Jwt.read(token).check(ISSUER, keys, MovedClock.START);
            return null;
        } catch (RefusedException e) {
            return e.reason();
        }
    }
}
