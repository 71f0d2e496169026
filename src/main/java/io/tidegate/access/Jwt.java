package io.tidegate.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.SecretJWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tidegate.document.Json;
import java.security.Key;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token that was read and not checked yet. Only signed ones are read: encrypted ones have five parts.
 *
 * <p>What costs least is checked first: whose it is, for whom, and when; then by which key, and its signature at last.
 */
final class Jwt {

    private static final int PARTS = 3;

    /** What a token may say it is; one that is none for access (a logout, say) is none here. */
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt");

    private static final Set<String> MEMBERS = Set.of("read", "write", "admin");

    private final SignedJWT token;
    private final JWTClaimsSet claims;

    private Jwt(SignedJWT token, JWTClaimsSet claims) {
        this.token = token;
        this.claims = claims;
    }

    /**
     * What is left of a token when it was checked.
     *
     * @param key thumbprint of the one that signed it
     * @param claimed the rights that it has itself; else it has those of its issuer
     * @param ends when its time is over, with what the clocks may differ
     */
    record Proof(String issuer, String key, String name, Optional<Grant> claimed, Instant ends)
            implements Identity.Proof {}

    /** Whether it has three parts of the alphabet of tokens. */
    static boolean hasForm(String text) {
        int parts = 1;
        boolean isEmpty = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && !isEmpty) {
                parts++;
                isEmpty = true;
            } else if (Base64Url.isDigit(c)) {
                isEmpty = false;
            } else {
                return false;
            }
        }
        return parts == PARTS && !isEmpty;
    }

    /** Reads one that has the form. */
    static Jwt read(String text) throws RefusedException {
        try {
            SignedJWT token = SignedJWT.parse(text);
            requireText(token.getHeader().toBase64URL());
            requireText(token.getPayload().toBase64URL());
            return new Jwt(token, token.getJWTClaimsSet());
        } catch (ParseException | RuntimeException e) {
            throw new RefusedException(FailureReason.MALFORMED);
        }
    }

    /** What is no text the library would make some of, and another reader perhaps another. */
    private static void requireText(Base64URL part) {
        byte[] bytes = part.decode();
        var unused = Json.decode(bytes, 0, bytes.length);
    }

    /** Who is said to have signed it. */
    String issuer() {
        return String.valueOf(claims.getIssuer());
    }

    /** Checks all of it. */
    Proof check(IssuerSettings issuer, KeySet keys, Instant now) throws RefusedException {
        require(issuer.issuer().equals(claims.getIssuer()), FailureReason.ISSUER);
        require(claims.getAudience().contains(issuer.audience()), FailureReason.AUDIENCE);
        Instant ends = ends(issuer);
        require(now.isBefore(ends), FailureReason.EXPIRED);
        Date notBefore = claims.getNotBeforeTime();
        require(notBefore == null || !now.plus(issuer.skew()).isBefore(notBefore.toInstant()), FailureReason.EARLY);
        JWSHeader header = token.getHeader();
        require(issuer.algorithms().contains(header.getAlgorithm().getName()), FailureReason.ALGORITHM);
        require(isType(header.getType()), FailureReason.CLAIMS);
        // What has to be understood is not: nothing of that kind is needed here.
        require(header.getCriticalParams() == null, FailureReason.CLAIMS);
        String name = name();
        Optional<Grant> claimed = claimed(issuer.claim());
        return new Proof(issuer.issuer(), signer(header, keys), name, claimed, ends);
    }

    private static void require(boolean isRight, FailureReason otherwise) throws RefusedException {
        if (!isRight) {
            throw new RefusedException(otherwise);
        }
    }

    private Instant ends(IssuerSettings issuer) throws RefusedException {
        Date expires = claims.getExpirationTime();
        require(expires != null, FailureReason.CLAIMS);
        return expires.toInstant().plus(issuer.skew());
    }

    private static boolean isType(@Nullable JOSEObjectType type) {
        return type == null || TYPES.stream().anyMatch(type.getType()::equalsIgnoreCase);
    }

    private String name() throws RefusedException {
        String name = claims.getSubject();
        require(name != null && PlainName.isPlain(name), FailureReason.CLAIMS);
        return name;
    }

    private Optional<Grant> claimed(String claim) throws RefusedException {
        if (!claims.getClaims().containsKey(claim)) {
            return Optional.empty();
        }
        // Of more than is known, something might have taken rights away.
        if (!(claims.getClaim(claim) instanceof Map<?, ?> members) || !MEMBERS.containsAll(members.keySet())) {
            throw new RefusedException(FailureReason.CLAIMS);
        }
        try {
            return Optional.of(new Grant(words(members, "read"), words(members, "write"), isAdmin(members)));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(FailureReason.CLAIMS);
        }
    }

    private static List<String> words(Map<?, ?> members, String member) throws RefusedException {
        if (!members.containsKey(member)) {
            return List.of();
        }
        if (members.get(member) instanceof List<?> words && words.stream().allMatch(String.class::isInstance)) {
            return words.stream().map(String.class::cast).toList();
        }
        throw new RefusedException(FailureReason.CLAIMS);
    }

    private static boolean isAdmin(Map<?, ?> members) throws RefusedException {
        if (!members.containsKey("admin")) {
            return false;
        }
        if (members.get("admin") instanceof Boolean isAdmin) {
            return isAdmin;
        }
        throw new RefusedException(FailureReason.CLAIMS);
    }

    /** The key that has signed it. */
    private String signer(JWSHeader header, KeySet keys) throws RefusedException {
        List<JWK> fitting = keys.fitting(header);
        require(!fitting.isEmpty(), FailureReason.KEY);
        for (JWK key : fitting) {
            if (isSignedBy(header, key)) {
                return KeySet.thumbprint(key);
            }
        }
        throw new RefusedException(FailureReason.SIGNATURE);
    }

    private boolean isSignedBy(JWSHeader header, JWK key) {
        try {
            return token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(header, keyOf(key)));
        } catch (JOSEException | RuntimeException e) {
            return false;
        }
    }

    private static Key keyOf(JWK key) throws JOSEException {
        return key instanceof SecretJWK secret ? secret.toSecretKey() : ((AsymmetricJWK) key).toPublicKey();
    }
}
