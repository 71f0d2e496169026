package io.tidegate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Unmasking, and how much memory it takes. */
class PayloadTest {

    private static final int MASK = 0x3d21fa37;

    @Test
    void bytesAreUnmaskedAtEveryOffsetAndInEveryLength() {
        byte[] source = new byte[64];
        new Random(1).nextBytes(source);
        for (int from = 0; from < 16; from++) {
            for (int count = 0; count < 40; count++) {
                var payload = new Payload();
                payload.append(source, from, count, MASK, count);
                byte[] expected = new byte[count];
                for (int i = 0; i < count; i++) {
                    expected[i] = (byte) (source[from + i] ^ (MASK >>> (i % 4 * 8)));
                }

                assertThat(payload.take().toArray()).as(from + ", " + count).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatAHeaderAnnouncesTakesNoMemoryBeforeItComes() {
        var payload = new Payload();

        payload.append(new byte[10], 0, 10, MASK, 16 << 20);

        assertThat(payload.array()).hasSize(10);
    }

    @Test
    void theArrayIsAtMostTwiceAsLongAsWhatCameAndNeverLongerThanTheMessage() {
        var payload = new Payload();
        byte[] piece = new byte[1_000];

        for (int i = 1; i <= 100; i++) {
            payload.append(piece, 0, piece.length, MASK, 100_000);

            assertThat(payload.length()).isEqualTo(i * 1_000);
            assertThat(payload.array().length).isBetween(i * 1_000, Math.min(2 * i * 1_000, 100_000));
        }
    }

    @Test
    void whatIsHandedOutHasNoSpareRoom() {
        var payload = new Payload();
        for (int i = 0; i < 3; i++) {
            payload.append(new byte[100], 0, 100, 0, 100_000);
        }

        ByteString taken = payload.take();

        assertThat(taken.isCompact()).isTrue();
        assertThat(taken.toArrayUnsafe()).hasSize(300);
        assertThat(payload.length()).isZero();
    }
}
