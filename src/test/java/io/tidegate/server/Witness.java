package io.tidegate.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A client that counts what it is sent, to compare it with what the server says. Waits 10 s at most. */
final class Witness implements AutoCloseable {

    /** How a connection ended, as a client's kernel reports it. */
    enum End {
        /** Over TLS, with close_notify before it. */
        FIN,
        RESET
    }

    static final int SMALL_BUFFER = 4096;

    private static final int READ_TIMEOUT_MILLIS = 60_000;
    private static final Pattern UPDATE = Pattern.compile("\\{\"event\":\"(?:put|delete)\",\"seq\":(\\d+),.*");

    private final Socket socket;
    private final SecureClients.@Nullable Connected secured;
    private final InetSocketAddress address;
    private final ByteArrayOutputStream cut = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[1 << 16];
    private long bytes;
    private long updates;
    private long lastSeq;
    private String lastLine = "";

    /** A line is waited for that has this in it. */
    private String awaited = "";

    private boolean hasCome;

    /** @param receiveBufferBytes 0 for the system's default; small for a client that soon stops the server's writes */
    Witness(Tidegate server, int receiveBufferBytes) throws IOException {
        this(connected(server, receiveBufferBytes), null);
    }

    /** Over TLS. */
    Witness(SecureClients.Connected secured) {
        this(secured.socket(), secured);
    }

    private Witness(Socket socket, SecureClients.@Nullable Connected secured) {
        this.socket = socket;
        this.secured = secured;
        // A closed socket does not know it any more.
        address = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private static Socket connected(Tidegate server, int receiveBufferBytes) throws IOException {
        var socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(server.tcpAddress(), READ_TIMEOUT_MILLIS);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    Witness send(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Reads until a line contains the text. */
    Witness await(String text) throws IOException {
        awaited = text;
        hasCome = lastLine.contains(text);
        while (!hasCome) {
            if (!read()) {
                throw new IOException("the stream ended before " + text);
            }
        }
        return this;
    }

    /** Reads until so many updates were seen. */
    Witness awaitUpdates(long count) throws IOException {
        while (updates < count) {
            if (!read()) {
                throw new IOException("the stream ended after " + updates + " updates");
            }
        }
        return this;
    }

    End readToEnd() throws IOException {
        try {
            while (read()) {
                // Counted as it comes.
            }
            return secured == null || secured.end().equals(SecureClients.CLEAN) ? End.FIN : End.RESET;
        } catch (SocketException | SSLException e) {
            return End.RESET;
        }
    }

    private boolean read() throws IOException {
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            return false;
        }
        bytes += count;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == '\n') {
                line(cut.toString(StandardCharsets.UTF_8));
                cut.reset();
            } else {
                cut.write(buffer[i]);
            }
        }
        return true;
    }

    private void line(String line) {
        lastLine = line;
        hasCome |= line.contains(awaited);
        Matcher update = UPDATE.matcher(line);
        if (update.matches()) {
            updates++;
            lastSeq = Long.parseLong(update.group(1));
        }
    }

    long bytes() {
        return bytes;
    }

    long updates() {
        return updates;
    }

    long lastSeq() {
        return lastSeq;
    }

    String lastLine() {
        return lastLine;
    }

    boolean isCutWithinLine() {
        return cut.size() > 0;
    }

    InetSocketAddress address() {
        return address;
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Without a word, also of TLS. */
    void reset() throws IOException {
        below().setSoLinger(true, 0);
        below().close();
    }

    /** As when its process is killed: nobody says a word of TLS. */
    void vanish() throws IOException {
        below().close();
    }

    private Socket below() {
        return secured == null ? socket : secured.below();
    }

    /** Closes the socket, as a client that has read everything does. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
