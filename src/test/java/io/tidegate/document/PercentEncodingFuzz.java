package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Any text as one word, and any word as text. */
class PercentEncodingFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void textIsOneWordAndComesBack(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);

        String word = PercentEncoding.encode(text);
        assertThat(word).doesNotContain(" ");
        assertThat(PercentEncoding.decode(word)).isEqualTo(text);
        try {
            String decoded = PercentEncoding.decode(text);
            assertThat(decoded.length()).isLessThanOrEqualTo(text.length());
            assertThat(PercentEncoding.decode(PercentEncoding.encode(decoded))).isEqualTo(decoded);
        } catch (CharacterCodingException e) {
            assertThat(text).as("what is not encoded is UTF-8").contains("%");
        }
    }
}
