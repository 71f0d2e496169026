package io.tidegate.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value that was checked: an instance is the proof.
 *
 * <p>The check is strict (RFC 8259): one value, no trailing tokens, valid UTF-8 (no overlong forms
 * and no encoded surrogates), no line break between tokens, at most {@value #MAX_DEPTH} levels of nesting. The bytes are
 * kept as they came, without white space around them; they are never decoded again. Immutable and thread-safe.
 */
public final class Json {

    /** Levels of arrays and objects within one another. */
    public static final int MAX_DEPTH = 128;

    /** Without the table of names that its parsers would share: names made to collide in it would harm everybody. */
    private static final JsonFactory FACTORY = factory(MAX_DEPTH);

    /** For an object with a value in it. */
    private static final JsonFactory ENVELOPE_FACTORY = factory(MAX_DEPTH + 1);

    /** What the JDK's lenient decoder puts where bytes are not valid. */
    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] bytes;

    private Json(byte[] bytes) {
        this.bytes = bytes;
    }

    private static JsonFactory factory(int maxDepth) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * Checks text.
     *
     * @throws IllegalArgumentException if it is not one JSON value on one line
     */
    public static Json of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    /**
     * Checks and copies {@code length} bytes of UTF-8 from {@code offset}.
     *
     * @throws IllegalArgumentException with a message for the client if they are not one JSON value on one line
     */
    public static Json of(byte[] source, int offset, int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && isSpace(source[from])) {
            from++;
        }
        while (to > from && isSpace(source[to - 1])) {
            to--;
        }
        requireOneLine(decode(source, from, to));
        return new Json(Arrays.copyOfRange(source, from, to));
    }

    /**
     * Checks UTF-8 that may have line breaks between its tokens; they become spaces.
     *
     * @throws IllegalArgumentException with a message for the client if it is not one JSON value
     */
    public static Json ofLines(byte[] source) {
        String text = decode(source, 0, source.length);
        requireOneValue(text);
        byte[] bytes = source.clone();
        for (int i = 0; i < bytes.length; i++) {
            // Within a string they are not allowed, so these are none of the value's own.
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        return of(bytes, 0, bytes.length);
    }

    /** Wraps bytes that this class checked before they were stored; they are not copied and must not change. */
    public static Json stored(byte[] checked) {
        return new Json(checked);
    }

    public int length() {
        return bytes.length;
    }

    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** Writes the bytes as they are. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    /** A parser with the limits of this class for an object that has such a value in it. */
    public static JsonParser parser(String text) {
        return parser(ENVELOPE_FACTORY, text);
    }

    private static JsonParser parser(JsonFactory factory, String text) {
        try {
            return factory.createParser(text);
        } catch (IOException e) {
            throw new IllegalStateException("text cannot fail to be read", e);
        }
    }

    private static void requireOneLine(String text) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("a JSON value has no line breaks here: send it on one line");
        }
        requireOneValue(text);
    }

    private static void requireOneValue(String text) {
        try (JsonParser parser = parser(FACTORY, text)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("a JSON value is missing");
            }
            parser.skipChildren();
            if (parser.currentToken() == null || parser.nextToken() != null) {
                throw new IllegalArgumentException("one JSON value is expected, and nothing behind it");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(mistake(e), e);
        } catch (IOException e) {
            throw new IllegalStateException("text cannot fail to be read", e);
        }
    }

    /** What a parser of this class found, for people. */
    public static String mistake(JsonProcessingException e) {
        return JsonMistake.of(e);
    }

    /**
     * The text that strict UTF-8 stands for.
     *
     * <p>Given bytes, Jackson would guess an encoding (a zero byte makes it UTF-16), and let overlong forms and encoded
     * surrogates pass. The JDK's decoder does neither.
     *
     * @throws IllegalArgumentException with a message for the client if it is not valid
     */
    public static String decode(byte[] source, int from, int to) {
        var text = new String(source, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        // Something was replaced, or it is the client's own replacement character.
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(source, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not valid UTF-8", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(bytes, json.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
