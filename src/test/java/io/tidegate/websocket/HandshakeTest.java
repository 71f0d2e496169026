package io.tidegate.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests open a WebSocket. */
class HandshakeTest {

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    HandshakeTest() {
        headers.put("host", List.of("server.example.com"));
        headers.put("upgrade", List.of("websocket"));
        headers.put("connection", List.of("Upgrade"));
        headers.put("sec-websocket-key", List.of("dGhlIHNhbXBsZSBub25jZQ=="));
        headers.put("sec-websocket-version", List.of("13"));
    }

    private Handshake handshake(String method, String version) {
        return Handshake.of(method, version, name -> headers.getOrDefault(name, List.of()));
    }

    private Handshake handshake() {
        return handshake("GET", "HTTP/1.1");
    }

    @Test
    void theExampleOfTheStandardIsAccepted() {
        assertThat(handshake()).isEqualTo(new Handshake.Accepted("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade | WebSocket",
                "Upgrade | h2c, websocket",
                "Connection | upgrade",
                "Connection | keep-alive, Upgrade",
                "Connection | keep-alive,UPGRADE ,",
                "Sec-WebSocket-Protocol | chat",
                "Sec-WebSocket-Extensions | permessage-deflate; client_max_window_bits",
                "Origin | http://example.com"
            })
    void tokensAreFoundInListsAndInAnyCaseAndOffersAreIgnored(String name, String value) {
        headers.put(name, List.of(value));

        assertThat(handshake()).isInstanceOf(Handshake.Accepted.class);
    }

    @Test
    void tokensAreFoundInAnyOfSeveralHeaders() {
        headers.put("connection", List.of("keep-alive", "Upgrade"));

        assertThat(handshake()).isInstanceOf(Handshake.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"})
    void aMissingHeaderIsNamed(String name) {
        headers.remove(name);

        assertThat(handshake()).isInstanceOfSatisfying(Handshake.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.reason()).contains(name);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"})
    void aHeaderThatMayStandOnceIsRefusedTwice(String name) {
        List<String> twice = new ArrayList<>(headers.getOrDefault(name, List.of()));
        twice.add(twice.get(0));
        headers.put(name, twice);

        assertThat(handshake()).isInstanceOfSatisfying(Handshake.Refused.class, refused -> {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.reason()).contains(name);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade | h2c",
                "Upgrade | websockets",
                "Upgrade | ''",
                "Connection | close",
                "Connection | not-upgrade",
                "Sec-WebSocket-Key | ''",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZQ",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZQ=",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25j",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZWQ=",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZS4u",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25jZ_==",
                "Sec-WebSocket-Key | dGhlIHNhbXBsZSBub25j ZQ=="
            })
    void aHeaderWithAWrongValueIsRefused(String name, String value) {
        headers.put(name, List.of(value));

        assertThat(handshake()).isInstanceOfSatisfying(Handshake.Refused.class, refused -> assertThat(refused.status())
                .isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PUT", "OPTIONS", "get"})
    void anotherMethodIsToldTheRightOne(String method) {
        assertThat(handshake(method, "HTTP/1.1"))
                .isEqualTo(new Handshake.Refused(405, "open a WebSocket by GET", Map.of("Allow", "GET")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/2.0"})
    void anotherVersionOfHttpIsRefused(String version) {
        assertThat(handshake("GET", version))
                .isEqualTo(new Handshake.Refused(400, "open a WebSocket by HTTP/1.1", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "14", "0", "thirteen", "13, 8", ""})
    void anotherVersionOfTheProtocolIsToldTheRightOne(String version) {
        headers.put("sec-websocket-version", List.of(version));

        assertThat(handshake())
                .isEqualTo(new Handshake.Refused(
                        426,
                        "use version 13 of the WebSocket protocol",
                        Map.of("Sec-WebSocket-Version", "13", "Upgrade", "websocket", "Connection", "Upgrade")));
    }
}
