package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cutting a stream into lines. */
class LineReaderTest {

    /** Gives what it has in pieces of random length. */
    private static InputStream inPieces(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
    }

    private static List<String> lines(LineReader reader) throws IOException {
        var lines = new ArrayList<String>();
        while (reader.next() || reader.rest()) {
            lines.add(
                    new String(reader.bytes(), reader.from(), reader.to() - reader.from(), StandardCharsets.US_ASCII));
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void linesOfAnyLengthComeOutAsTheyWere(long seed) throws Exception {
        var random = new Random(seed);
        var expected = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            int length = i % 10 == 0 ? random.nextInt(1_000_000) : random.nextInt(50);
            expected.add(Character.toString('a' + i % 26).repeat(length));
        }
        expected.add("no line feed behind it");
        byte[] bytes = String.join("\n", expected).getBytes(StandardCharsets.US_ASCII);

        assertThat(lines(new LineReader(inPieces(bytes, random)))).isEqualTo(expected);
    }
}
