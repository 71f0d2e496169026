package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Collection;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportTest {

    private static final Documents DOCUMENTS = Documents.together(new Collection("bench"), 1);
    private static final Mark MARK = new Mark(64, 1, 1);
    private static final int UPDATES = 5;

    private final AtomicLongArray published = new AtomicLongArray(new long[] {UPDATES});
    private final OrderCheck order = new OrderCheck(published);
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100, 10_000})
    void serverSentEventsAreTakenHoweverTheyAreCut(int pieceBytes) throws Exception {
        var stream = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        stream.append("data: ").append(subscribed()).append("\n\n");
        for (int i = 0; i < UPDATES; i++) {
            stream.append("id: e:")
                    .append(i)
                    .append("\ndata: ")
                    .append(update(i))
                    .append("\n\n: quiet\n\n");
        }
        Follower follower = take(Transport.Kind.SSE, ascii(stream.toString()), pieceBytes);
        assertThat(follower.isSubscribed()).isTrue();
        assertAllTaken();
        assertThat(sent()).startsWith("GET /v1/updates?collection=bench HTTP/1.1\r\nHost: localhost:8080\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100, 10_000})
    void linesInWebSocketMessagesAreTakenHoweverTheyAreCut(int pieceBytes) throws Exception {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
        stream.writeBytes(frame(1, subscribed() + "\n"));
        stream.writeBytes(frame(9, "are you there"));
        stream.writeBytes(frame(1, update(0) + "\n"));
        stream.writeBytes(frame(1, update(1) + "\n" + update(2) + "\n" + update(3) + "\n" + update(4) + "\n"));
        Follower follower = take(Transport.Kind.WEBSOCKET, stream.toByteArray(), pieceBytes);
        assertThat(follower.isSubscribed()).isTrue();
        assertAllTaken();
        assertThat(sent())
                .contains("Sec-WebSocket-Key: ", "\u0000\u0000\u0000\u0000updates bench\n")
                .endsWith("\u0000\u0000\u0000\u0000are you there");
    }

    @Test
    void aLongWebSocketMessageIsTakenLineByLine() throws Exception {
        String line = "{\"event\":\"heartbeat\",\"seq\":1}\n";
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(ascii("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
        stream.writeBytes(frame(1, line.repeat(4000)));
        stream.writeBytes(frame(1, subscribed() + "\n"));
        assertThat(take(Transport.Kind.WEBSOCKET, stream.toByteArray(), 1000).isSubscribed())
                .isTrue();
    }

    @Test
    void aRefusedRequestEndsTheRun() {
        byte[] refused = ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        assertThatThrownBy(() -> take(Transport.Kind.SSE, refused, 1000))
                .hasMessageContaining("the server answered HTTP/1.1 404 Not Found");
    }

    @Test
    void aWebSocketThatTheServerClosesEndsTheRun() {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(ascii("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
        stream.writeBytes(frame(8, "\u0003\u00e9"));
        assertThatThrownBy(() -> take(Transport.Kind.WEBSOCKET, stream.toByteArray(), 1000))
                .hasMessageContaining("closed the WebSocket");
    }

    private Follower take(Transport.Kind kind, byte[] stream, int pieceBytes) throws BenchFailure {
        Transport transport = kind.open(DOCUMENTS.selector(0), "localhost:8080");
        sent.writeBytes(transport.request());
        Follower follower = Follower.laggard(transport, MARK, DOCUMENTS, order);
        // As a SharedBuffer has it: room behind, what is left in front.
        byte[] bytes = new byte[stream.length + 64];
        int from = 0;
        for (int to = 0; to < stream.length; ) {
            int next = Math.min(stream.length, to + pieceBytes);
            System.arraycopy(stream, to, bytes, to, next - to);
            to = next;
            from = transport.take(bytes, from, to, follower);
            sent.writeBytes(transport.answer());
        }
        assertThat(from).isEqualTo(stream.length);
        return follower;
    }

    private void assertAllTaken() {
        order.end();
        assertThat(order.passed()).isEqualTo(UPDATES);
        assertThat(order.lost() + order.duplicated() + order.outOfOrder()).isZero();
    }

    private static String subscribed() {
        return "{\"event\":\"subscribed\",\"epoch\":\"e\",\"seq\":0}";
    }

    private static String update(int number) {
        byte[] value = MARK.blank();
        MARK.write(value, 0, 0, number, 1);
        return "{\"event\":\"put\",\"seq\":" + (number + 1) + ",\"collection\":\"bench\",\"key\":\"k\",\"value\":"
                + new String(value, StandardCharsets.US_ASCII) + "}";
    }

    private static byte[] frame(int opcode, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 10).put((byte) (0x80 | opcode));
        if (bytes.length < 126) {
            frame.put((byte) bytes.length);
        } else if (bytes.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) bytes.length);
        } else {
            frame.put((byte) 127).putLong(bytes.length);
        }
        frame.put(bytes).flip();
        byte[] whole = new byte[frame.remaining()];
        frame.get(whole);
        return whole;
    }

    private String sent() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
