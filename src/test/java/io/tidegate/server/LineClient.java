package io.tidegate.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client as people write them: a blocking socket that sends lines and reads lines. Waits 10 s at most. */
public final class LineClient implements AutoCloseable {

    private static final int READ_TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader reader;

    public LineClient(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /** @param receiveBufferBytes 0 for the system's default; small for a client that soon stops the server's writes */
    public LineClient(InetSocketAddress server, int receiveBufferBytes) throws IOException {
        this(connected(server, receiveBufferBytes));
    }

    /** Over a socket that is connected. */
    LineClient(Socket socket) throws IOException {
        this.socket = socket;
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
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

    public LineClient send(String... lines) throws IOException {
        return sendRaw((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public LineClient sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The next line; null at the end of the stream. */
    public @Nullable String read() throws IOException {
        return reader.readLine();
    }

    public String line() throws IOException {
        String line = read();
        if (line == null) {
            throw new IOException("the server closed the connection where a line was expected");
        }
        return line;
    }

    public List<String> lines(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(line());
        }
        return lines;
    }

    /** All lines up to the end of the stream. */
    public List<String> rest() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = read(); line != null; line = read()) {
            lines.add(line);
        }
        return lines;
    }

    /** Closes this side; the server's bytes can still be read. */
    public LineClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
