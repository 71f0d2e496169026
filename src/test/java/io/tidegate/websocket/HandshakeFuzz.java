package io.tidegate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Requests that may open a WebSocket: who is let in has said all that has to be said, and is answered as the RFC has it. */
class HandshakeFuzz {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void whoIsLetInHasSaidAllThatHasToBeSaid(byte[] bytes) throws GeneralSecurityException {
        RequestHead head = RequestHead.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        if (head == null) {
            return;
        }
        Handshake handshake = Handshake.of(head.method(), head.version(), head::values);

        if (handshake instanceof Handshake.Accepted accepted) {
            assertThat(head.method() + " " + head.version()).isEqualTo("GET HTTP/1.1");
            assertThat(head.values("Host")).hasSize(1);
            assertThat(head.values("Sec-WebSocket-Version")).containsExactly("13");
            assertThat(words(head, "Upgrade")).contains("websocket");
            assertThat(words(head, "Connection")).contains("upgrade");
            List<String> keys = head.values("Sec-WebSocket-Key");
            assertThat(keys).hasSize(1);
            assertThat(Base64.getDecoder().decode(keys.get(0))).hasSize(16);
            assertThat(accepted.accept()).isEqualTo(answer(keys.get(0)));
        } else if (handshake instanceof Handshake.Refused refused) {
            assertThat(refused.status()).isIn(400, 405, 426);
            assertThat(Visible.of(refused.reason())).isEqualTo(refused.reason());
        }
    }

    private static String words(RequestHead head, String name) {
        return String.join(",", head.values(name)).toLowerCase(Locale.ROOT);
    }

    private static String answer(String key) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
    }
}
