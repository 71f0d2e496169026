package io.tidegate.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys by which an issuer's tokens are checked. Immutable; equal if they are the same. */
final class KeySet {

    static final KeySet NONE = new KeySet(new JWKSet());

    /** More keys than that for one token, which does not say by which it is signed, would be work for nothing. */
    private static final int MOST_FITTING = 4;

    private static final int LEAST_RSA_BITS = 2048;
    private static final int BITS = 8;

    private final JWKSet keys;
    private final Set<String> thumbprints;

    private KeySet(JWKSet keys) {
        this.keys = keys;
        thumbprints = keys.getKeys().stream().map(KeySet::thumbprint).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Reads public keys.
     *
     * @throws IllegalArgumentException with a message for people if there is none for an algorithm
     */
    static KeySet ofJwks(String json, Set<String> algorithms) {
        JWKSet read;
        try {
            // What is secret in it is no key to check by.
            read = JWKSet.parse(json).toPublicJWKSet();
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException("allowed is a set of keys (JWKS), {\"keys\":[…]}", e);
        }
        for (JWK key : read.getKeys()) {
            if (key instanceof RSAKey rsa && rsa.size() < LEAST_RSA_BITS) {
                throw new IllegalArgumentException(
                        "it has an RSA key of " + rsa.size() + " bits: allowed are " + LEAST_RSA_BITS + " and more");
            }
        }
        var set = new KeySet(read);
        if (algorithms.stream()
                .allMatch(algorithm -> set.fitting(header(algorithm)).isEmpty())) {
            throw new IllegalArgumentException("none of its keys is for "
                    + algorithms.stream().sorted().collect(Collectors.joining(", ")) + ": allowed is a set with one");
        }
        return set;
    }

    /**
     * The key that issuer and server share.
     *
     * @throws IllegalArgumentException with a message for people if it is too short
     */
    static KeySet ofSecret(byte[] secret, Set<String> algorithms) {
        int least = algorithms.stream().mapToInt(KeySet::bits).max().orElse(0) / BITS;
        if (secret.length < least) {
            throw new IllegalArgumentException(
                    "it has " + secret.length + " bytes: allowed are " + least + " and more");
        }
        return new KeySet(new JWKSet(new OctetSequenceKey.Builder(secret).build()));
    }

    /** Of an algorithm whose name ends in the bits of its hash, which a secret has to have as well (RFC 7518, section 3.2). */
    private static int bits(String algorithm) {
        return Integer.parseInt(algorithm.substring(algorithm.length() - 3));
    }

    private static JWSHeader header(String algorithm) {
        return new JWSHeader(JWSAlgorithm.parse(algorithm));
    }

    /** Those that may have signed what has this header: of its algorithm's kind, of its name if it has one, and for signatures. */
    List<JWK> fitting(JWSHeader header) {
        // A secret is one key, whatever it is called.
        boolean isSecret = JWSAlgorithm.Family.HMAC_SHA.contains(header.getAlgorithm());
        JWKMatcher wanted = JWKMatcher.forJWSHeader(isSecret ? new JWSHeader(header.getAlgorithm()) : header);
        List<JWK> fitting = new ArrayList<>();
        for (JWK key : new JWKSelector(wanted).select(keys)) {
            boolean isOnCurve = !(key instanceof ECKey point)
                    || Curve.forJWSAlgorithm(header.getAlgorithm()).contains(point.getCurve());
            if (isOnCurve && fitting.size() < MOST_FITTING) {
                fitting.add(key);
            }
        }
        return fitting;
    }

    /** Names a key by what it is. */
    static String thumbprint(JWK key) {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    boolean has(String thumbprint) {
        return thumbprints.contains(thumbprint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySet that && keys.getKeys().equals(that.keys.getKeys());
    }

    @Override
    public int hashCode() {
        return keys.getKeys().hashCode();
    }
}
