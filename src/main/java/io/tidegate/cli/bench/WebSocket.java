package io.tidegate.cli.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The line protocol in WebSocket messages (RFC 6455), as far as a follower needs it: it asks once, reads text messages of whole
 * lines, and answers pings. A line is taken as soon as it is there, before the end of its message.
 */
final class WebSocket implements Transport {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    /** Any key is allowed; with this one masked bytes are the plain ones. */
    private static final byte[] NO_MASK = {0, 0, 0, 0};

    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private final HttpExchange exchange;
    private final byte[] request;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(0);

    /** What is left of the message that is being read. */
    private long left;

    WebSocket(String path, String server, String subscription) {
        exchange = new HttpExchange(
                path,
                server,
                Stream.of(
                                "Connection: Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: dGlkZWdhdGUgYmVuY2ghIQ==")
                        .collect(Collectors.joining("\r\n", "", "\r\n")),
                101);
        request = subscription.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] request() {
        return exchange.request().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure {
        int at = from;
        if (!exchange.isAnswered()) {
            at = exchange.skipHead(bytes, from, to);
            if (!exchange.isAnswered()) {
                return from;
            }
            send(TEXT, request, 0, request.length);
        }
        while (true) {
            if (left == 0) {
                int payload = takeHeader(bytes, at, to);
                if (payload == at) {
                    return at;
                }
                at = payload;
            } else {
                int end = Transport.takeLines(bytes, at, (int) Math.min(to, at + left), follower);
                left -= end - at;
                if (end == at) {
                    return at;
                }
                at = end;
            }
        }
    }

    /**
     * Takes what comes before the lines of a message, whole control frames included.
     *
     * @return the offset behind it; {@code at} if not all of it is there
     */
    private int takeHeader(byte[] bytes, int at, int to) throws BenchFailure {
        if (to - at < 2) {
            return at;
        }
        int opcode = bytes[at] & 0x0f;
        int first = bytes[at + 1] & 0x7f;
        int payload = at + (first == LONG_LENGTH ? 10 : first == SHORT_LENGTH ? 4 : 2);
        if (payload > to) {
            return at;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        long length = first == LONG_LENGTH
                ? header.getLong(at + 2)
                : first == SHORT_LENGTH ? header.getShort(at + 2) & 0xffff : first;
        if (opcode < CLOSE) {
            left = length;
            return payload;
        }
        int end = payload + (int) length;
        if (end > to) {
            return at;
        }
        if (opcode == CLOSE) {
            throw new BenchFailure("the server closed the WebSocket");
        }
        if (opcode == PING) {
            send(PING + 1, bytes, payload, (int) length);
        }
        return end;
    }

    private void send(int opcode, byte[] payload, int offset, int length) {
        answer.write(FINAL | opcode);
        if (length < SHORT_LENGTH) {
            answer.write(MASKED | length);
        } else {
            answer.write(MASKED | SHORT_LENGTH);
            answer.write(length >> 8);
            answer.write(length);
        }
        answer.write(NO_MASK, 0, NO_MASK.length);
        answer.write(payload, offset, length);
    }

    @Override
    public byte[] answer() {
        if (answer.size() == 0) {
            return NOTHING;
        }
        byte[] due = answer.toByteArray();
        answer.reset();
        return due;
    }
}
