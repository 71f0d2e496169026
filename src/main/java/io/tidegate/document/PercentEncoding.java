package io.tidegate.document;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * How text with spaces is one word of a request line, or a part of a URL: {@code New%20York}.
 *
 * <p>{@code %} and two hexadecimal digits stand for one octet of UTF-8. A {@code %} without them stands for itself.
 */
public final class PercentEncoding {

    private PercentEncoding() {}

    /** Encodes what ends a word, and the sign of the encoding itself; all else stays readable. */
    static String encode(String text) {
        return text.replace("%", "%25").replace(" ", "%20");
    }

    /**
     * The text that a word, or a part of a URL, stands for.
     *
     * @throws CharacterCodingException if its octets are not UTF-8
     */
    public static String decode(String word) throws CharacterCodingException {
        if (word.indexOf('%') < 0) {
            return word;
        }
        byte[] encoded = word.getBytes(StandardCharsets.UTF_8);
        var octets = new ByteArrayOutputStream(encoded.length);
        for (int at = 0; at < encoded.length; at++) {
            if (isOctet(encoded, at)) {
                octets.write(HexFormat.fromHexDigit(encoded[at + 1]) << 4 | HexFormat.fromHexDigit(encoded[at + 2]));
                at += 2;
            } else {
                octets.write(encoded[at]);
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets.toByteArray()))
                .toString();
    }

    private static boolean isOctet(byte[] encoded, int at) {
        return encoded[at] == '%'
                && at + 2 < encoded.length
                && HexFormat.isHexDigit(encoded[at + 1])
                && HexFormat.isHexDigit(encoded[at + 2]);
    }
}
