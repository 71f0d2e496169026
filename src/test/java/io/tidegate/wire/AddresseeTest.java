package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose lines these are. */
class AddresseeTest {

    /** Surrounded by other bytes, as it is within a chunk. */
    private static Addressee of(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        byte[] chunk = new byte[bytes.length + 20];
        Arrays.fill(chunk, (byte) '9');
        System.arraycopy(bytes, 0, chunk, 10, bytes.length);
        return Addressee.of(chunk, 10, 10 + bytes.length);
    }

    private static Addressee ofBeginning(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return Addressee.ofBeginning(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put orders o-17 {\"qty\":5}",
                "put",
                "put web index \"GET / HTTP/1.1\"",
                "put /web /index 1.1",
                "delete protocols HTTP/1.1",
                "delete /paths a/1",
                "sync",
                "sync /web",
                "follow after k7f3:12 http HTTP/1.1",
                "updates",
                "ping",
                "  ping",
                "help",
                "quit"
            })
    void aLineThatBeginsWithARequestIsOurs(String line) {
        assertThat(of(line)).isEqualTo(Addressee.US);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "POST /v1/updates HTTP/1.0",
                "POST / HTTP/1.1 ",
                "post / http/1.1",
                "  POST / HTTP/1.1",
                "POST\t/\tHTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "CONNECT 127.0.0.1:8989 HTTP/1.1",
                "GET http://127.0.0.1:8989/ HTTP/1.1",
                "PRI * HTTP/2.0",
                "BREW /pot HTTP/1.1",
                "BREW /pot HTTP/3",
                "GET / HTTP/1.1\rHost: evil\r\r",
                "OPTIONS rtsp://host/ RTSP/1.0",
                "REGISTER sip:host SIP/2.0",
                "GET /",
                "DELETE /v1/documents/a/b",
                "Host: 127.0.0.1:8989",
                "host:evil",
                // The method is the page's choice when its own name was pointed here.
                "sync /x HTTP/1.1",
                "follow /x?a=b HTTP/1.1",
                "delete /x HTTP/1.1",
                "put /x HTTP/1.1",
                "ping http://evil.example/ HTTP/1.1",
                "quit * HTTP/1.1"
            })
    void httpIsTold(String line) {
        assertThat(of(line)).isEqualTo(Addressee.HTTP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.1 127.0.0.1 56324 8989",
                "PROXY UNKNOWN",
                "SSH-2.0-OpenSSH_9.6",
                "Content-Type: text/plain",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
                "\u0000",
                "*3\u0000",
                "BREW pot\rput a k 1",
                "\u00ff\u00fe",
            })
    void whatIsNoTextAndGreetingsOfOtherProtocolsAreTold(String line) {
        assertThat(of(line)).isEqualTo(Addressee.OTHERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "pnig",
                "PUT orders o-17 {\"qty\":5}",
                "GET orders",
                "get o-17",
                "delet orders a/1",
                "\u001b[A",
                "\u0007help",
                "{\"event\":\"put\"}",
                "EHLO localhost",
                ": ",
                "Hosts",
            })
    void aMistypedWordMayBeAnything(String line) {
        assertThat(of(line)).isEqualTo(Addressee.UNCLEAR);
    }

    @Test
    void theBeginningOfALongLineTells() {
        String more = "a".repeat(3000);

        assertThat(ofBeginning("put c k \"" + more)).isEqualTo(Addressee.US);
        assertThat(ofBeginning("put /c k \"" + more)).isEqualTo(Addressee.US);
        assertThat(ofBeginning("sync a b " + more)).isEqualTo(Addressee.US);
        assertThat(ofBeginning("GET /" + more)).isEqualTo(Addressee.HTTP);
        assertThat(ofBeginning("follow /" + more)).isEqualTo(Addressee.HTTP);
        assertThat(ofBeginning("BREW /" + more)).isEqualTo(Addressee.OTHERS);
        assertThat(ofBeginning(more)).isEqualTo(Addressee.OTHERS);
    }
}
