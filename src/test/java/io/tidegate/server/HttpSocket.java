package io.tidegate.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client that writes requests by hand and sees every byte of the responses. Waits 60 s at most. */
final class HttpSocket implements AutoCloseable {

    /** The headers with which a request asks for a WebSocket. */
    static final String[] HANDSHAKE = {
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    /** @param headers by lower-case name */
    record Response(int status, Map<String, String> headers, String body) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        boolean closes() {
            return header("connection").equalsIgnoreCase("close");
        }
    }

    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final InetSocketAddress address;

    HttpSocket(Tidegate server) throws IOException {
        this(server, 0);
    }

    /** The same at the admin listener. */
    static HttpSocket admin(Tidegate server) throws IOException {
        return new HttpSocket(server.adminAddress(), 0);
    }

    /** @param receiveBufferBytes 0 for the system's default; small for a client that soon stops the server's writes */
    HttpSocket(Tidegate server, int receiveBufferBytes) throws IOException {
        this(server.httpAddress(), receiveBufferBytes);
    }

    private HttpSocket(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        this(connected(server, receiveBufferBytes));
    }

    /** Over a socket that is connected. */
    HttpSocket(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        address = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static Socket connected(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        var socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(server, READ_TIMEOUT_MILLIS);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    /** A request without a body. */
    HttpSocket send(String requestLine, String... headers) throws IOException {
        var request = new StringBuilder(requestLine + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return sendRaw(request + "\r\n");
    }

    HttpSocket sendRaw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The next line, without its end; null at the end of the stream. */
    @Nullable
    String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        if (b < 0 && line.size() == 0) {
            return null;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private String line() throws IOException {
        String line = readLine();
        if (line == null) {
            throw new IOException("the server closed the connection where a line was expected");
        }
        return line;
    }

    /** Reads until a line contains the text. */
    String await(String text) throws IOException {
        String line = line();
        while (!line.contains(text)) {
            line = line();
        }
        return line;
    }

    /** Status and headers; a body that is delimited by the end of the connection is still to be read. */
    Response head() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Response(Integer.parseInt(status.split(" ", -1)[1]), headers, "");
    }

    /** A whole response with a length or in chunks. */
    Response response() throws IOException {
        Response head = head();
        var body = new ByteArrayOutputStream();
        if (head.header("transfer-encoding").equals("chunked")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(in.readNBytes(size));
                line();
            }
            line();
        } else if (!head.header("content-length").isEmpty()) {
            body.write(in.readNBytes(Integer.parseInt(head.header("content-length"))));
        }
        return new Response(head.status(), head.headers(), body.toString(StandardCharsets.UTF_8));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    /** So many bytes, a character for each. */
    String bytes(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** The same up to the end of the stream. */
    String restBytes() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end of a WebSocket's close frame, a character for each byte. */
    String untilClose() throws IOException {
        var read = new ByteArrayOutputStream();
        while (true) {
            int first = in.read();
            int length = in.read();
            if (length == 126) {
                length = (in.read() << 8) | in.read();
            }
            read.writeBytes(in.readNBytes(length));
            if (first == 0x88) {
                return read.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    /** Everything up to the end of the stream. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    InetSocketAddress address() {
        return address;
    }

    HttpSocket halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Closes the socket, as a client that has read everything does. */
    void leave() throws IOException {
        socket.close();
    }

    /** Resets it, as a client that has crashed does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
