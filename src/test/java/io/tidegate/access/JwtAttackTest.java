package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JWTs that are nobody's, however they were made, beside those that they were made of. */
class JwtAttackTest {

    private static final JWSAlgorithm RS256 = JWSAlgorithm.RS256;
    private static final JWSAlgorithm ES256 = JWSAlgorithm.ES256;
    private static final Duration SKEW = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock();
    private final Failures failures = new Failures();
    private Identities identities;

    @BeforeEach
    void anIssuerWithTwoKeys() throws Exception {
        Path keys = directory.resolve("jwks.json");
        Files.writeString(keys, SomeIssuer.jwks(SomeIssuer.RSA, SomeIssuer.EC));
        identities = Configured.identities(
                """
                issuers = [{
                  issuer = "%s", audience = "tidegate", algorithms = ["RS256", "ES256"], keys = "%s"
                  rights { read = ["inbox/${name}/*"], write = [] }
                }]"""
                        .formatted(SomeIssuer.NAME, keys),
                clock,
                failures);
    }

    private static JWTClaimsSet.Builder claims() {
        return SomeIssuer.claims();
    }

    private static String rsa(JWTClaimsSet.Builder claims) {
        return SomeIssuer.signed(SomeIssuer.RSA, RS256, claims);
    }

    private static Date after(Duration time) {
        return Date.from(MovedClock.START.plus(time));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Header and payload as they are told, signed by the key that is known, by the JDK and not by the library. */
    private static String raw(String header, String payload) {
        return raw(header, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String raw(String header, byte[] payload) {
        try {
            String signed = base64(header) + "." + base64(payload);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(SomeIssuer.RSA.toPrivateKey());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException | com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static String payload(String exp, String rest) {
        return "{\"iss\":\"" + SomeIssuer.NAME + "\",\"aud\":\"tidegate\",\"sub\":\"desk\",\"exp\":" + exp + rest + "}";
    }

    private static final String LATER =
            String.valueOf(MovedClock.START.plusSeconds(3600).getEpochSecond());

    private static String hmac(byte[] key, String header, String payload) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = base64(header) + "." + base64(payload);
        return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String unsigned(String algorithm) {
        return base64("{\"alg\":\"" + algorithm + "\"}") + "." + base64(payload(LATER, "")) + ".";
    }

    private static String withSignature(String token, String signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + signature;
    }

    private static String encrypted() throws Exception {
        var token =
                new EncryptedJWT(new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM), claims().build());
        token.encrypt(new RSAEncrypter(SomeIssuer.RSA.toPublicJWK()));
        return token.serialize();
    }

    private static Arguments attack(String what, FailureReason reason, String token) {
        return Arguments.of(what, reason, token);
    }

    private static String claimed(Object claim) {
        return rsa(claims().claim("tidegate", claim));
    }

    static Stream<Arguments> attacks() throws Exception {
        String right = rsa(claims());
        byte[] publicKey = SomeIssuer.RSA.toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
        JWK foreign = SomeIssuer.rsa("r1", 2048);
        JWK foreignPoint = SomeIssuer.ec("e1", Curve.P_256);
        JWSHeader.Builder header = new JWSHeader.Builder(RS256).keyID("r1");
        return Stream.of(
                attack("none", FailureReason.MALFORMED, unsigned("none")),
                attack(
                        "no UTF-8 in the payload",
                        FailureReason.MALFORMED,
                        raw(
                                "{\"alg\":\"RS256\"}",
                                payload(LATER, ",\"x\":\"é\"").getBytes(StandardCharsets.ISO_8859_1))),
                attack("NoNe", FailureReason.MALFORMED, unsigned("NoNe")),
                attack("none, with a signature", FailureReason.MALFORMED, unsigned("none") + "AAAA"),
                attack("NoNe, with a signature", FailureReason.ALGORITHM, unsigned("NoNe") + "AAAA"),
                attack(
                        "HS256 by the public key",
                        FailureReason.ALGORITHM,
                        hmac(publicKey, "{\"alg\":\"HS256\",\"kid\":\"r1\"}", payload(LATER, ""))),
                attack(
                        "HS256 by its PEM",
                        FailureReason.ALGORITHM,
                        hmac(pem.getBytes(StandardCharsets.US_ASCII), "{\"alg\":\"HS256\"}", payload(LATER, ""))),
                attack(
                        "HS256 by nothing much",
                        FailureReason.ALGORITHM,
                        hmac(new byte[1], "{\"alg\":\"HS256\"}", payload(LATER, ""))),
                attack(
                        "RS512 where RS256 is allowed",
                        FailureReason.ALGORITHM,
                        SomeIssuer.signed(SomeIssuer.RSA, JWSAlgorithm.RS512, claims())),
                attack(
                        "another key of that name",
                        FailureReason.SIGNATURE,
                        SomeIssuer.signed(foreign, RS256, claims())),
                attack(
                        "another point of that name",
                        FailureReason.SIGNATURE,
                        SomeIssuer.signed(foreignPoint, ES256, claims())),
                attack(
                        "a key that is not known",
                        FailureReason.KEY,
                        SomeIssuer.signed(SomeIssuer.rsa("r9", 2048), RS256, claims())),
                attack(
                        "the right key by another name",
                        FailureReason.KEY,
                        SomeIssuer.signed(
                                SomeIssuer.RSA,
                                new JWSHeader.Builder(RS256)
                                        .keyID("../../dev/null")
                                        .build(),
                                claims())),
                attack(
                        "a key of another kind",
                        FailureReason.KEY,
                        SomeIssuer.signed(
                                SomeIssuer.RSA,
                                new JWSHeader.Builder(RS256).keyID("e1").build(),
                                claims())),
                attack(
                        "a key that it brings along",
                        FailureReason.SIGNATURE,
                        SomeIssuer.signed(
                                foreign, header.jwk(foreign.toPublicJWK()).build(), claims())),
                attack(
                        "crit",
                        FailureReason.CLAIMS,
                        SomeIssuer.signed(
                                SomeIssuer.RSA,
                                new JWSHeader.Builder(RS256)
                                        .keyID("r1")
                                        .criticalParams(Set.of("exp"))
                                        .build(),
                                claims())),
                attack(
                        "crit, b64",
                        FailureReason.CLAIMS,
                        raw("{\"alg\":\"RS256\",\"kid\":\"r1\",\"b64\":true,\"crit\":[\"b64\"]}", payload(LATER, ""))),
                attack(
                        "a token for something else",
                        FailureReason.CLAIMS,
                        SomeIssuer.signed(
                                SomeIssuer.RSA,
                                new JWSHeader.Builder(RS256)
                                        .keyID("r1")
                                        .type(new JOSEObjectType("logout+jwt"))
                                        .build(),
                                claims())),
                attack(
                        "expired beyond the skew",
                        FailureReason.EXPIRED,
                        rsa(claims().expirationTime(after(SKEW.negated())))),
                attack("no exp", FailureReason.CLAIMS, rsa(claims().expirationTime(null))),
                attack(
                        "exp as text",
                        FailureReason.MALFORMED,
                        raw("{\"alg\":\"RS256\",\"kid\":\"r1\"}", payload("\"" + LATER + "\"", ""))),
                attack(
                        "exp in the far past",
                        FailureReason.EXPIRED,
                        raw("{\"alg\":\"RS256\",\"kid\":\"r1\"}", payload("-99999999999999", ""))),
                attack("not yet", FailureReason.EARLY, rsa(claims().notBeforeTime(after(SKEW.plusSeconds(1))))),
                attack("another audience", FailureReason.AUDIENCE, rsa(claims().audience("tidegate2"))),
                attack("no audience", FailureReason.AUDIENCE, rsa(claims().audience((String) null))),
                attack("audience in other letters", FailureReason.AUDIENCE, rsa(claims().audience("Tidegate"))),
                attack(
                        "audience as a number",
                        FailureReason.MALFORMED,
                        raw(
                                "{\"alg\":\"RS256\"}",
                                "{\"iss\":\"" + SomeIssuer.NAME + "\",\"aud\":[7],\"sub\":\"desk\",\"exp\":" + LATER
                                        + "}")),
                attack("another issuer", FailureReason.ISSUER, rsa(claims().issuer(SomeIssuer.NAME + "/"))),
                attack("no issuer", FailureReason.ISSUER, rsa(claims().issuer(null))),
                attack("no subject", FailureReason.CLAIMS, rsa(claims().subject(null))),
                attack("an empty subject", FailureReason.CLAIMS, rsa(claims().subject(""))),
                attack(
                        "a subject that steers terminals",
                        FailureReason.CLAIMS,
                        rsa(claims().subject("a\u001b[2J").claim("tidegate", Map.of()))),
                attack(
                        "a subject with a line break",
                        FailureReason.CLAIMS,
                        rsa(claims().subject("a\nb").claim("tidegate", Map.of()))),
                attack(
                        "a long subject",
                        FailureReason.CLAIMS,
                        rsa(claims().subject("a".repeat(257)).claim("tidegate", Map.of()))),
                attack("a subject that is a pattern", FailureReason.NAME, rsa(claims().subject("*"))),
                attack("a subject that leads elsewhere", FailureReason.NAME, rsa(claims().subject("../ops"))),
                attack("a claim that is a text", FailureReason.CLAIMS, claimed("*")),
                attack("a claim that is a list", FailureReason.CLAIMS, claimed(List.of("read"))),
                attack("read is a text", FailureReason.CLAIMS, claimed(Map.of("read", "*"))),
                attack("read has a number", FailureReason.CLAIMS, claimed(Map.of("read", List.of("orders", 7)))),
                attack("read has no selector", FailureReason.CLAIMS, claimed(Map.of("read", List.of("orders/")))),
                attack("admin is a text", FailureReason.CLAIMS, claimed(Map.of("admin", "true"))),
                attack("admin is a number", FailureReason.CLAIMS, claimed(Map.of("admin", 1))),
                attack(
                        "a member that is not known",
                        FailureReason.CLAIMS,
                        claimed(Map.of("read", List.of("*"), "deny", List.of("x")))),
                attack(
                        "a claim that is null",
                        FailureReason.CLAIMS,
                        raw("{\"alg\":\"RS256\",\"kid\":\"r1\"}", payload(LATER, ",\"tidegate\":null"))),
                attack(
                        "a claim with null in it",
                        FailureReason.CLAIMS,
                        raw("{\"alg\":\"RS256\",\"kid\":\"r1\"}", payload(LATER, ",\"tidegate\":{\"read\":null}"))),
                attack(
                        "an all-zero signature",
                        FailureReason.SIGNATURE,
                        withSignature(SomeIssuer.signed(SomeIssuer.EC, ES256, claims()), base64(new byte[64]))),
                attack("a short signature", FailureReason.SIGNATURE, withSignature(right, "AA")),
                attack("no signature", FailureReason.MALFORMED, withSignature(right, "")),
                attack("a changed payload", FailureReason.SIGNATURE, changedPayload(right)),
                attack("five parts", FailureReason.MALFORMED, encrypted()),
                attack("two parts", FailureReason.MALFORMED, right.substring(0, right.lastIndexOf('.'))),
                attack("padding", FailureReason.MALFORMED, right + "="),
                attack("a space behind it", FailureReason.MALFORMED, right + " "),
                attack("no JSON", FailureReason.MALFORMED, base64("x") + "." + base64("y") + ".AAAA"),
                attack("nothing", FailureReason.MALFORMED, ".."),
                attack(
                        "nesting",
                        FailureReason.MALFORMED,
                        base64("{\"alg\":\"RS256\"}") + "." + base64("[".repeat(5_900)) + ".AAAA"),
                attack(
                        "nesting in a member",
                        FailureReason.MALFORMED,
                        base64("{\"alg\":\"RS256\"}") + "."
                                + base64("{\"a\":" + "[".repeat(2_900) + "]".repeat(2_900) + "}") + ".AAAA"),
                attack(
                        "nesting in the header",
                        FailureReason.MALFORMED,
                        base64("{\"alg\":\"RS256\",\"a\":" + "{\"a\":".repeat(1_100) + "1" + "}".repeat(1_100) + "}")
                                + "." + base64("{}") + ".AAAA"),
                attack(
                        "nesting of 20,000",
                        FailureReason.MALFORMED,
                        raw(
                                "{\"alg\":\"RS256\"}",
                                payload(LATER, ",\"a\":" + "[".repeat(20_000) + "]".repeat(20_000)))),
                attack("oversize", FailureReason.MALFORMED, rsa(claims().claim("more", "x".repeat(8 << 10)))));
    }

    private static String changedPayload(String token) {
        int from = token.indexOf('.') + 1;
        int to = token.lastIndexOf('.');
        String payload = new String(Base64.getUrlDecoder().decode(token.substring(from, to)), StandardCharsets.UTF_8);
        return token.substring(0, from) + base64(payload.replace("desk", "boss")) + token.substring(to);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void isNobodys(String what, FailureReason reason, String token) throws Exception {
        assertThat(Configured.now(identities, token)).isEmpty();
        assertThat(failures.counts()).containsEntry(reason, 1L);
        // Once more, in case the first time was remembered.
        assertThat(Configured.now(identities, token)).isEmpty();
    }

    @Test
    void whatTheAttacksAreMadeOfIsSomebodys() throws Exception {
        for (String right : List.of(
                rsa(claims()),
                SomeIssuer.signed(SomeIssuer.EC, ES256, claims()),
                SomeIssuer.signed(SomeIssuer.RSA, new JWSHeader(RS256), claims()),
                raw("{\"alg\":\"RS256\",\"kid\":\"r1\",\"typ\":\"at+JWT\"}", payload(LATER, "")),
                rsa(claims().audience(List.of("other", "tidegate"))),
                rsa(claims().expirationTime(after(SKEW.negated().plusMillis(1000)))),
                rsa(claims().notBeforeTime(after(SKEW))))) {
            Identity identity = Configured.now(identities, right).orElseThrow();

            assertThat(identity.name()).isEqualTo("desk");
            assertThat(Grant.words(identity.rights().read())).containsExactly("inbox/desk/*");
            assertThat(identity.toString()).doesNotContain(right);
        }
        assertThat(failures.counts().values()).containsOnly(0L);
    }

    @Test
    void aClaimHasTheRightsInPlaceOfTheIssuer() throws Exception {
        Identity identity = Configured.now(
                        identities, claimed(Map.of("read", List.of("orders", "to/${name}"), "admin", true)))
                .orElseThrow();

        assertThat(Grant.words(identity.rights().read())).containsExactly("orders", "to/desk");
        assertThat(identity.rights().write().isNone()).isTrue();
        assertThat(identity.rights().admin()).isTrue();
        assertThat(Configured.now(identities, claimed(Map.of())).orElseThrow().rights())
                .isEqualTo(Rights.NONE);
        // Where nothing is put in, somebody may be called anything.
        assertThat(Configured.now(identities, rsa(claims().subject("Ä/*").claim("tidegate", Map.of())))
                        .orElseThrow()
                        .name())
                .isEqualTo("Ä/*");
    }

    @Test
    void aTokenOfAnOctKeyInTheSetIsNobodys() throws Exception {
        var secret = new OctetSequenceKey.Builder(new byte[32]).keyID("o1").build();
        Path keys = directory.resolve("mixed.json");
        Files.writeString(
                keys,
                "{\"keys\":[" + secret.toJSONString() + ","
                        + SomeIssuer.RSA.toPublicJWK().toJSONString() + "]}");
        Identities mixed = Configured.identities(
                "issuers = [{ issuer = \"" + SomeIssuer.NAME
                        + "\", audience = tidegate, algorithms = [RS256], keys = \"" + keys + "\" }]",
                clock,
                failures);

        assertThat(Configured.now(mixed, SomeIssuer.signed(secret, JWSAlgorithm.HS256, claims())))
                .isEmpty();
        assertThat(Configured.now(mixed, rsa(claims()))).isPresent();
    }
}
