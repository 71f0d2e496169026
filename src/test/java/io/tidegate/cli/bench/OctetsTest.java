package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading eight bytes at a time finds what reading them one by one finds. */
class OctetsTest {

    private final Random random = new Random(42);

    @Test
    void theFirstNewlineIsFoundWhereverItIs() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = bytesWithFewNewlines();
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            assertThat(Octets.newline(bytes, from, to)).isEqualTo(newlineOneByOne(bytes, from, to));
        }
    }

    /** All byte values occur: those beside a newline's, and those with the high bit, are where such tricks fail. */
    private byte[] bytesWithFewNewlines() {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' && random.nextBoolean() ? 0x0b : bytes[i];
        }
        return bytes;
    }

    private static int newlineOneByOne(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    @Test
    void hexadecimalDigitsAreReadAsTheyWereWritten() {
        byte[] bytes = new byte[20];
        for (int round = 0; round < 1000; round++) {
            long value = random.nextLong() >>> random.nextInt(64);

            Octets.putHex(bytes, 3, 16, value);

            assertThat(new String(bytes, 3, 16, StandardCharsets.US_ASCII)).isEqualTo(String.format("%016x", value));
            assertThat(Octets.hex16(bytes, 3)).isEqualTo(value);
        }
    }

    @Test
    void decimalDigitsAreReadUpToTheFirstOtherByte() {
        byte[] bytes = "seq:1042,x".getBytes(StandardCharsets.US_ASCII);

        assertThat(Octets.decimal(bytes, 4, 10)).isEqualTo(1042);
        assertThat(Octets.decimal(bytes, 4, 6)).isEqualTo(10);
        assertThat(Octets.decimal(bytes, 0, 10)).isEqualTo(-1);
    }

    @Test
    void aLongLineIsCutForAMessage() {
        byte[] bytes = "x".repeat(1000).getBytes(StandardCharsets.US_ASCII);

        assertThat(Octets.shown(bytes, 0, 1000)).hasSize(201).endsWith("…");
        assertThat(Octets.shown(bytes, 0, 10)).isEqualTo("x".repeat(10));
    }
}
