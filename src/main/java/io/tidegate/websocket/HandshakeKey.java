package io.tidegate.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The key of a handshake and its answer, which proves that the server understood it as a handshake. */
final class HandshakeKey {

    private static final int BYTES = 16;

    /** The answer is for WebSockets only, because nothing else would append this (RFC 6455, section 1.3). */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private HandshakeKey() {}

    static boolean isValid(String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key);
            // The JDK does without the padding, RFC 4648 does not.
            return bytes.length == BYTES
                    && Base64.getEncoder().encodeToString(bytes).length() == key.length();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
