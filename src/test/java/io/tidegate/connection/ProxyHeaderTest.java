package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.document.Network;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a proxy connects. */
class ProxyHeaderTest {

    private static final Peer PROXY = Peer.at(new InetSocketAddress(Network.address("10.0.0.5"), 4711));
    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    private final AtomicLong now = new AtomicLong(1);
    private final ScriptedDialogue spoken = new ScriptedDialogue();
    private final ProxyHeader header = new ProxyHeader(
            spoken, spoken, Duration.ofSeconds(10), new Wakeup(Runnable::run, () -> {}), () -> false, now::get);

    private void take(ByteString bytes) {
        header.take(bytes);
        EventLines said = header.poll();
        assertThat(said).isNull();
    }

    private static ByteString bytes(String text) {
        return ByteString.fromString(text, StandardCharsets.ISO_8859_1);
    }

    private static ByteString binary(int command, int family, int... rest) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(SIGNATURE);
        bytes.write(command);
        bytes.write(family);
        bytes.write(rest.length >> 8);
        bytes.write(rest.length);
        for (int each : rest) {
            bytes.write(each);
        }
        return ByteString.fromArray(bytes.toByteArray());
    }

    private void assertClient(String address, int port) {
        assertThat(header.isFinished()).isTrue();
        assertThat(header.next()).isSameAs(spoken);
        assertThat(header.peer(PROXY).address()).isEqualTo(new InetSocketAddress(Network.address(address), port));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443, 203.0.113.7, 56324",
        "PROXY TCP6 2001:db8::7 2001:db8::1 1 443, 2001:db8::7, 1",
        "PROXY UNKNOWN, 10.0.0.5, 4711",
        "PROXY UNKNOWN ffff::1 ffff::2 65535 65535, 10.0.0.5, 4711",
    })
    void aLineTells(String line, String address, int port) {
        take(bytes(line + "\r\nfollow\n"));

        assertClient(address, port);
        assertThat(header.rest().utf8String()).isEqualTo("follow\n");
    }

    @Test
    void aBinaryHeaderTells() {
        take(binary(0x21, 0x11, 203, 0, 113, 7, 10, 0, 0, 1, 0xdc, 0x04, 0x01, 0xbb)
                .concat(bytes("x")));

        assertClient("203.0.113.7", 0xdc04);
        assertThat(header.rest().utf8String()).isEqualTo("x");
    }

    @Test
    void whatABinaryHeaderHasBehindItsAddressesIsPassedOver() {
        int[] rest = new int[36 + 300];
        rest[0] = 0x20;
        rest[1] = 0x01;
        rest[15] = 9;
        rest[33] = 77;
        take(binary(0x21, 0x21, rest).concat(bytes("x")));

        assertClient("2001::9", 77);
        assertThat(header.rest().utf8String()).isEqualTo("x");
    }

    @Test
    void aProxyThatConnectsForItselfIsTheClient() {
        take(binary(0x20, 0x00).concat(bytes("x")));

        assertClient("10.0.0.5", 4711);
    }

    @Test
    void aHeaderMayComeByteByByte() {
        ByteString whole = binary(0x21, 0x11, 203, 0, 113, 7, 10, 0, 0, 1, 0, 80, 0, 90);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(header.isFinished()).isFalse();
            take(whole.slice(i, i + 1));
        }

        assertClient("203.0.113.7", 80);
    }

    @Test
    void aLineMayComeByteByByte() {
        ByteString whole = bytes("PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n");
        for (int i = 0; i < whole.size(); i++) {
            assertThat(header.isFinished()).isFalse();
            take(whole.slice(i, i + 1));
        }

        assertClient("203.0.113.7", 56324);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "follow\n",
                "GET / HTTP/1.1\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\n",
                "PROXY TCP4 localhost 10.0.0.1 56324 443\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 65536 443\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1\r\n",
                "PROXY TCP4 203.0.113 10.0.0.1 1 1\r\n",
                "PROXX",
                "\n",
                "\r\n\r\n\0\r\nQUIX",
            })
    void whatIsNoHeaderIsRefused(String said) {
        assertRefused(bytes(said));
    }

    @Test
    void whatIsNoBinaryHeaderIsRefused() {
        assertRefused(binary(0x11, 0x11, 203, 0, 113, 7, 10, 0, 0, 1, 0, 80, 0, 90));
    }

    @Test
    void aBinaryHeaderWithoutRoomForItsAddressesIsRefused() {
        assertRefused(binary(0x21, 0x11, 203, 0, 113, 7));
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertRefused(bytes("PROXY TCP4 " + "1".repeat(200)));
    }

    @Test
    void aHeaderWithoutEndIsRefused() {
        assertRefused(ByteString.fromArray(SIGNATURE).concat(ByteString.fromArray(new byte[] {0x21, 0x11, -1, -1})));
    }

    private void assertRefused(ByteString said) {
        header.take(said);
        EventLines word = header.poll();
        assertThat(word).isNotNull();
        assertThat(word.bytes().utf8String()).contains("PROXY protocol");
        assertThat(header.poll()).isNull();
        assertThat(header.isFinished()).isTrue();
        assertThat(header.next()).isNull();
        assertThat(header.endReason()).isEqualTo(CloseReason.REFUSED);
    }

    @Test
    void whoSendsNoneIsGivenUp() {
        header.take(bytes("PROXY "));
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        header.check(now.get());

        assertThat(header.poll()).isNull();
        assertThat(header.isFinished()).isTrue();
        assertThat(header.next()).isNull();
    }
}
