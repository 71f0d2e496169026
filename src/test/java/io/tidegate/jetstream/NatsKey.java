package io.tidegate.jetstream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** A key of NATS, with which JWTs are signed: of an operator, an account or a user. */
final class NatsKey {

    /** In the first letter of a key is what it is of. */
    enum Kind {
        OPERATOR('O'),
        ACCOUNT('A'),
        USER('U');

        private final int bits;

        Kind(char letter) {
            bits = (letter - 'A') << 3;
        }
    }

    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final int SEED_BITS = ('S' - 'A') << 3;

    private final Kind kind;
    private final KeyPair pair;

    NatsKey(Kind kind) throws GeneralSecurityException {
        this.kind = kind;
        this.pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    String publicKey() {
        byte[] encoded = pair.getPublic().getEncoded();
        return text(new byte[] {(byte) kind.bits}, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    String seed() {
        byte[] raw = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        return text(new byte[] {(byte) (SEED_BITS | (kind.bits >> 5)), (byte) ((kind.bits & 31) << 3)}, raw);
    }

    private static String text(byte[] kinds, byte[] key) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(kinds);
        bytes.writeBytes(key);
        int sum = checkSum(bytes.toByteArray());
        bytes.write(sum);
        bytes.write(sum >> 8);
        return base32(bytes.toByteArray());
    }

    /** CRC-16 as XMODEM has it. */
    private static int checkSum(byte[] bytes) {
        int sum = 0;
        for (byte each : bytes) {
            sum ^= (each & 0xff) << 8;
            for (int i = 0; i < 8; i++) {
                sum = (sum & 0x8000) == 0 ? sum << 1 : (sum << 1) ^ 0x1021;
            }
        }
        return sum & 0xffff;
    }

    private static String base32(byte[] bytes) {
        var text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte each : bytes) {
            held = (held << 8) | (each & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE_32.charAt((held >> bits) & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE_32.charAt((held << (5 - bits)) & 31));
        }
        return text.toString();
    }

    /** A JWT by this key, of another one. */
    String jwt(NatsKey of, String claims) throws GeneralSecurityException {
        String body = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "."
                + base64(
                        "{\"jti\":\"1\",\"iat\":1700000000,\"iss\":\"" + publicKey() + "\",\"name\":\"test\",\"sub\":\""
                                + of.publicKey() + "\",\"nats\":{" + claims + ",\"version\":2}}");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(body.getBytes(StandardCharsets.US_ASCII));
        return body + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The file that a user is given, as NATS's own tools write it. */
    String credentials(String jwt) {
        return """
                -----BEGIN NATS USER JWT-----
                %s
                ------END NATS USER JWT------

                ************************* IMPORTANT *************************
                NKEY Seed printed below can be used to sign and prove identity.
                NKEYs are sensitive and should be treated as secrets.

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------

                *************************************************************
                """
                .formatted(jwt, seed());
    }
}
