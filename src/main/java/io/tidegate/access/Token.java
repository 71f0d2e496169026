package io.tidegate.access;

import io.tidegate.document.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a token; not the token itself.
 *
 * @param name of whoever has it
 * @param digest SHA-256 of its text, in hexadecimal digits. That is enough: there are 256 random bits to guess
 * @param expires null if it does not
 */
public record Token(String name, String digest, Grant grant, @Nullable Instant expires, Instant created) {

    /** Known beforehand, so that those who search texts for secrets find it. */
    public static final String PREFIX = "tg_";

    /** Whatever counts the time up to an end can do that, and whoever reads it knows how. */
    private static final Instant LATEST_END = Instant.parse("9999-12-31T23:59:59Z");

    private static final int RANDOM_BYTES = 32;
    private static final int LENGTH = PREFIX.length() + 43;

    /** @throws IllegalArgumentException with a message for people if it ends in no time that is known */
    public Token {
        if (expires != null && expires.isAfter(LATEST_END)) {
            throw new IllegalArgumentException("expires: allowed is a time up to " + LATEST_END + ", or none");
        }
    }

    /**
     * What is to be known of a new token.
     *
     * @throws IllegalArgumentException with a message for people if the name or the end is none
     */
    public static Token of(String name, String text, Grant grant, @Nullable Instant expires, Instant created) {
        if (!Grant.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "': a name has 1 to 64 letters, digits, '.', '_' and '-'");
        }
        return new Token(name, digest(text), grant, expires, created);
    }

    /** A new text of a token, which nobody can guess. */
    public static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether it has the form of those that are made here; a JWT has not. */
    static boolean hasForm(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.chars().allMatch(Base64Url::isDigit);
    }

    /** By which a text is looked up. */
    public static String digest(String text) {
        return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Compares in constant time. */
    boolean isOf(String otherDigest) {
        return MessageDigest.isEqual(
                digest.getBytes(StandardCharsets.US_ASCII), otherDigest.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether its time is over. */
    public boolean hasExpired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }
}
