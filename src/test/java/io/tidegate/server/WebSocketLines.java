package io.tidegate.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The line protocol in a WebSocket, by hand. Waits 60 s at most. */
final class WebSocketLines implements AutoCloseable {

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final HttpSocket socket;
    private final int status;
    private final Queue<String> lines = new ArrayDeque<>();
    private int closeCode;

    /** @param headers of the handshake beside its own */
    WebSocketLines(Tidegate server, String path, String... headers) throws IOException {
        this(new HttpSocket(server), path, headers);
    }

    /** Over a connection that is there. */
    WebSocketLines(HttpSocket connection, String path, String... headers) throws IOException {
        socket = connection;
        status = socket.send(
                        "GET " + path,
                        Stream.concat(Arrays.stream(HttpSocket.HANDSHAKE), Arrays.stream(headers))
                                .toArray(String[]::new))
                .head()
                .status();
    }

    /** That of the answer to the handshake. */
    int status() {
        return status;
    }

    /** One message with these lines. */
    WebSocketLines send(String... requests) throws IOException {
        byte[] text = String.join("\n", requests).getBytes(StandardCharsets.UTF_8);
        var frame = new ByteArrayOutputStream();
        frame.write(TEXT);
        if (text.length < 126) {
            frame.write(MASKED | text.length);
        } else {
            frame.write(MASKED | 126);
            frame.write(text.length >> 8);
            frame.write(text.length);
        }
        // A mask of zeros leaves the text as it is.
        frame.writeBytes(new byte[4]);
        frame.writeBytes(text);
        socket.sendRaw(frame.toString(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The next line; null when the server has sent its close frame. */
    @Nullable
    String read() throws IOException {
        while (lines.isEmpty() && closeCode == 0) {
            frame();
        }
        return lines.poll();
    }

    private void frame() throws IOException {
        String head = socket.bytes(2);
        int length = head.charAt(1);
        if (length == 126) {
            String two = socket.bytes(2);
            length = (two.charAt(0) << 8) | two.charAt(1);
        } else if (length == 127) {
            length = (int) Long.parseLong(hex(socket.bytes(8)), 16);
        }
        String payload = socket.bytes(length);
        if (head.charAt(0) == CLOSE) {
            closeCode = (payload.charAt(0) << 8) | payload.charAt(1);
        } else if (head.charAt(0) == TEXT) {
            new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(lines::add);
        }
    }

    private static String hex(String bytes) {
        var digits = new StringBuilder();
        bytes.chars().forEach(each -> digits.append(String.format(Locale.ROOT, "%02x", each)));
        return digits.toString();
    }

    /** Why the server has closed it; 0 before its close frame was read. */
    int closeCode() {
        return closeCode;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
