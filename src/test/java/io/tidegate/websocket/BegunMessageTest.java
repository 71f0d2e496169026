package io.tidegate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.wire.Decoder.Begun;
import io.tidegate.wire.Decoding;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** From when to when a message is under way. */
class BegunMessageTest {

    private static final int TEXT_BEGINS = 0x01;
    private static final int GOES_ON = 0x00;

    private final MessageDecoder decoder = MessageDecoder.ofText(ClientFrames.LIMITS);

    private void come(byte... frame) {
        Decoding.next(decoder, ByteString.fromArray(frame));
    }

    @Test
    void aMessageIsUntilItsLastFragmentWhateverStandsBetween() {
        assertThat(decoder.begun()).isNull();
        come(ClientFrames.frame(TEXT_BEGINS, ClientFrames.utf8("ab")));
        assertThat(decoder.begun()).isEqualTo(new Begun(0, 2));

        for (int i = 0; i < 100; i++) {
            come(ClientFrames.frame(GOES_ON));
            come(ClientFrames.frame(ClientFrames.PING));
            assertThat(decoder.begun()).isEqualTo(new Begun(0, 2));
        }
        come(ClientFrames.frame(ClientFrames.CONTINUATION));

        assertThat(decoder.begun()).isNull();
    }

    @Test
    void aHeaderThatHasBegunIsOneAndTheNextIsAnother() {
        come((byte) ClientFrames.PING);
        assertThat(decoder.begun()).isEqualTo(new Begun(0, 0));
        byte[] ping = ClientFrames.frame(ClientFrames.PING);
        come(Arrays.copyOfRange(ping, 1, ping.length));
        assertThat(decoder.begun()).isNull();

        come((byte) ClientFrames.TEXT);

        assertThat(decoder.begun()).isEqualTo(new Begun(1, 0));
    }
}
