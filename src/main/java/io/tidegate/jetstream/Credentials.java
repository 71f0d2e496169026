package io.tidegate.jetstream;

import io.nats.client.AuthHandler;
import io.tidegate.document.Reason;
import io.tidegate.shared.ClientFile;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who this node is by a file with a JWT and the key that it was given to, as NATS's own tools write it. The client could read it as
 * well, but would need a library of six megabytes for the signature, which Java knows how to make.
 */
final class Credentials implements AuthHandler {

    private static final Pattern PARTS = Pattern.compile(
            "-+BEGIN NATS USER JWT-+\\s+(\\S+)\\s+-+END NATS USER JWT-+.*-+BEGIN USER NKEY SEED-+\\s+(\\S+)\\s+-+END"
                    + " USER NKEY SEED-+.*",
            Pattern.DOTALL);

    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final int KEY_BYTES = 32;

    /** The kinds of the key, then the key, then a check sum. */
    private static final int SEED_BYTES = 2 + KEY_BYTES + 2;

    private static final int SEED = 'S' - 'A';

    private final String jwt;
    private final PrivateKey key;

    private Credentials(String jwt, PrivateKey key) {
        this.jwt = jwt;
        this.key = key;
    }

    /**
     * Reads the file, as it is now: it may have been renewed.
     *
     * @throws SharedLogException if there are no credentials in it
     */
    static Credentials read(Path file) throws SharedLogException {
        try {
            Matcher parts = PARTS.matcher(Files.readString(file, StandardCharsets.UTF_8));
            if (!parts.find()) {
                throw unusable("the credentials of " + file + " are no JWT and seed as NATS writes them");
            }
            ClientFile.warnOfReaders(file);
            return new Credentials(parts.group(1), key(parts.group(2)));
        } catch (IOException e) {
            throw new SharedLogException(Kind.UNUSABLE, "cannot read " + file + ": " + Reason.of(e), e);
        } catch (GeneralSecurityException e) {
            // Not as the cause: it may tell what it read.
            throw unusable("the seed of " + file + " is none that NATS writes");
        }
    }

    private static SharedLogException unusable(String line) {
        return new SharedLogException(Kind.UNUSABLE, line);
    }

    private static PrivateKey key(String seed) throws GeneralSecurityException {
        ByteBuffer bytes = ByteBuffer.wrap(fromBase32(seed));
        if (bytes.remaining() != SEED_BYTES || (bytes.get(0) & 0xff) >> 3 != SEED) {
            throw new GeneralSecurityException();
        }
        var raw = new byte[KEY_BYTES];
        bytes.get(2, raw);
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, raw));
    }

    private static byte[] fromBase32(String text) throws GeneralSecurityException {
        var bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        int bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            int five = BASE_32.indexOf(text.charAt(i));
            if (five < 0) {
                throw new GeneralSecurityException();
            }
            held = (held << 5) | five;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (held >> bits));
                held &= (1 << bits) - 1;
            }
        }
        return bytes.array();
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key that was read cannot sign", e);
        }
    }

    /** None: it is in the JWT. */
    @Override
    public char[] getID() {
        return new char[0];
    }

    @Override
    public char[] getJWT() {
        return jwt.toCharArray();
    }
}
