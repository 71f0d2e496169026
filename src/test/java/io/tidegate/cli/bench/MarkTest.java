package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run knows its own values, and only those. */
class MarkTest {

    private static byte[] value(Mark mark) {
        byte[] value = mark.blank();
        mark.write(value, 0, 3, 1042, 77);
        return value;
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 128, 4096})
    void aValueIsJsonOfTheSizeThatWasAskedFor(int size) {
        byte[] value = value(new Mark(size, 4, 0xabcd));

        assertThat(Json.of(value, 0, value.length).length()).isEqualTo(size);
    }

    @Test
    void whatWasWrittenIsRead() {
        var mark = new Mark(64, 4, 0xabcd);
        byte[] value = value(mark);

        assertThat(mark.publisher(value, 0)).isEqualTo(3);
        assertThat(Mark.number(value, 0)).isEqualTo(1042);
        assertThat(Mark.nanos(value, 0)).isEqualTo(77);
    }

    @Test
    void valuesOfAnotherRunOrOfNobodyAreNotItsOwn() {
        byte[] value = value(new Mark(64, 4, 0xabcd));
        byte[] other = "x".repeat(64).getBytes(StandardCharsets.US_ASCII);

        assertThat(new Mark(64, 4, 0xabce).publisher(value, 0)).isEqualTo(-1);
        assertThat(new Mark(64, 3, 0xabcd).publisher(value, 0)).isEqualTo(-1);
        assertThat(new Mark(64, 4, 0xabcd).publisher(other, 0)).isEqualTo(-1);
    }

    @Test
    void aPutIsOneLineWithItsKeyAndValue() {
        var line = new PutLine(Documents.together(new Collection("bench"), 1), new Mark(64, 4, 0xabcd));
        byte[] bytes = new byte[line.length()];

        line.write(bytes, 0, 17, 3, 1042, 77);

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo(
                        "put bench k00000017 {\"bench\":\"abcd00030000000000000412000000000000004d\",\"pad\":\"xxx\"}\n");
    }

    @Test
    void unansweredPutsComeBackInTheirOrder() {
        var unanswered = new Unanswered();
        long next = 0;
        for (long i = 0; i < 1000; i++) {
            unanswered.add(i);
            if (i % 3 == 0) {
                assertThat(unanswered.takeFirst()).isEqualTo(next++);
            }
        }
        while (!unanswered.isEmpty()) {
            assertThat(unanswered.takeFirst()).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(1000);
    }
}
