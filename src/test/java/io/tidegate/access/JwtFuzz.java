package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.document.Selection;
import io.tidegate.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * JWTs of which header and claims are any bytes, and which are signed all the same: whoever is somebody by one is that by what it says
 * to a second reader, too. Each is also tried without its signature, and the bytes by themselves as a whole token.
 */
class JwtFuzz {

    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper READER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static Path file = Path.of(".");
    private static Identities identities;

    @BeforeAll
    static void anIssuerWithASecret() throws Exception {
        file = Files.write(Files.createTempFile("tidegate-fuzz", ".secret"), SECRET);
        identities = Configured.identities(
                """
                issuers = [{
                  issuer = "%s", audience = "tidegate", algorithms = ["HS256"], secret-file = "%s", skew = 0 s
                  rights { read = ["inbox/${name}/*"], write = [] }
                }]
                remembered-tokens = 1
                """
                        .formatted(SomeIssuer.NAME, file),
                new MovedClock(),
                new Failures());
    }

    @AfterAll
    static void deleteSecret() throws IOException {
        Files.delete(file);
    }

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whoIsSomebodyByATokenIsThatByWhatItSays(byte[] bytes) throws Exception {
        byte[] header = Arrays.copyOf(bytes, end(bytes));
        byte[] claims = Arrays.copyOfRange(bytes, Math.min(bytes.length, header.length + 1), bytes.length);
        String content = part(header) + "." + part(claims);

        Optional<Identity> identity = identity(content + "." + part(mac(content)));

        if (identity.isPresent()) {
            requireSaid(identity.get(), READER.readTree(header), READER.readTree(claims));
        }
        assertThat(identity(content + "." + part(new byte[SECRET.length]))).isEmpty();
        assertThat(identity(content + ".")).isEmpty();
        assertThat(identity(new String(bytes, StandardCharsets.ISO_8859_1))).isEmpty();
    }

    /** Between header and claims there is a line break. */
    private static int end(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private static String part(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] mac(String content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        return mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
    }

    /** An answer is there at once, and it has its reason: one that could not be checked (too much to do) is a failure of the check. */
    private static Optional<Identity> identity(String token) {
        List<FailureReason> told = new ArrayList<>();
        CompletableFuture<Optional<Identity>> answer =
                identities.token(token, told::add).toCompletableFuture();
        assertThat(answer).isCompleted();
        assertThat(told).hasSize(answer.join().isPresent() ? 0 : 1).doesNotContain(FailureReason.BUSY);
        return answer.join();
    }

    private static void requireSaid(Identity identity, JsonNode header, JsonNode claims) {
        assertThat(header.path("alg").asText()).isEqualTo("HS256");
        assertThat(header.has("crit")).isFalse();
        assertThat(claims.path("iss").asText()).isEqualTo(SomeIssuer.NAME);
        assertThat(identity.name()).isEqualTo(claims.path("sub").asText());
        assertThat(PlainName.isPlain(identity.name())).isTrue();
        assertThat(texts(claims.path("aud"))).contains("tidegate");
        assertThat(claims.path("exp").asDouble()).isGreaterThanOrEqualTo((double) MovedClock.START.getEpochSecond());
        JsonNode claimed = claims.path("tidegate");
        Rights expected = claimed.isMissingNode()
                ? new Grant(List.of("inbox/${name}/*"), List.of(), false)
                        .to(identity.name())
                        .orElseThrow()
                : new Grant(
                                texts(claimed.path("read")),
                                texts(claimed.path("write")),
                                claimed.path("admin").asBoolean())
                        .to(identity.name())
                        .orElseThrow();
        assertThat(identity.rights()).isEqualTo(expected);
        assertThat(identity.rights().read().covers(Selection.ALL))
                .isEqualTo(texts(claimed.path("read")).contains("*"));
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.elements().forEachRemaining(element -> texts.add(element.asText()));
        return texts;
    }
}
