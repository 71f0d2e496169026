package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.tidegate.fuzz.Fuzzing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON in any bytes: what is taken is what Jackson's parser of bytes takes, which shares no code with that of text. */
class JsonFuzz {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH)
                    .build())
            .build();

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whatIsTakenIsJsonAndAllOfItIs(byte[] bytes) {
        List<String> tokens = tokens(bytes);

        Json lines = ofLines(bytes);
        assertThat(lines != null).as("of several lines").isEqualTo(tokens != null);
        if (lines != null) {
            assertThat(tokens(lines.toString().getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(tokens);
            assertThat(lines.toString())
                    .doesNotContain("\n", "\r")
                    .isEqualTo(lines.toString().strip());
        }
        Json line = ofLine(bytes);
        boolean isBroken = new String(bytes, StandardCharsets.UTF_8).matches("(?s)[ \t]*+.*[\n\r].*");
        assertThat(line != null).as("of one line").isEqualTo(tokens != null && !isBroken);
        assertThat(line == null ? lines : line).isEqualTo(lines);
    }

    private static @Nullable Json ofLines(byte[] bytes) {
        try {
            return Json.ofLines(bytes);
        } catch (IllegalArgumentException e) {
            requireSeen(e);
            return null;
        }
    }

    private static @Nullable Json ofLine(byte[] bytes) {
        try {
            return Json.of(bytes, 0, bytes.length);
        } catch (IllegalArgumentException e) {
            requireSeen(e);
            return null;
        }
    }

    private static void requireSeen(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        assertThat(Visible.of(message))
                .as("what cannot be seen is not repeated")
                .isEqualTo(message);
    }

    /** What Jackson finds; null if it is not one value. */
    private static @Nullable List<String> tokens(byte[] bytes) {
        if (!isUtf8(bytes)) {
            return null;
        }
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            List<String> tokens = new ArrayList<>();
            int depth = 0;
            boolean isOver = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (isOver) {
                    return null;
                }
                tokens.add(token + " " + parser.getText());
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                isOver = depth == 0;
            }
            return isOver ? tokens : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Jackson guesses the encoding: by zeros, and by a mark, which is none of JSON's. */
    private static boolean isUtf8(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') < 0 && !text.startsWith("\ufeff");
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
