package io.tidegate.client;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection to a server: request lines out, event lines in. Sending and reading may be two threads' work. */
public final class LineClient implements Closeable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    /** A read that waits longer throws {@link java.net.SocketTimeoutException}; reading may go on after it. */
    static final int QUIET_MILLIS = 30_000;

    public static final int FAREWELL_MILLIS = 1_000;

    private static final int SEND_BUFFER_BYTES = 64 << 10;

    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]:]+)):(\\d{1,5})");

    private static final int MAX_PORT = 65_535;

    private final Socket tcp;

    /** The same, or TLS over it. */
    private final Socket socket;

    private final LineReader lines;
    private final OutputStream out;

    private LineClient(Socket tcp, Socket socket) throws IOException {
        this.tcp = tcp;
        this.socket = socket;
        this.lines = new LineReader(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), SEND_BUFFER_BYTES);
    }

    /** Connects in plain. */
    public static LineClient open(String host, int port) throws IOException {
        return open(host, port, Credentials.NONE);
    }

    /** Connects, and shows who it is. */
    public static LineClient open(String host, int port, Credentials credentials) throws IOException {
        return open(host, port, QUIET_MILLIS, credentials);
    }

    /**
     * Connects to {@code host:port}, and shows who it is.
     *
     * @throws RefusedException if the server does not take the token; for now, if it is another exception
     */
    public static LineClient open(String address, Credentials credentials) throws IOException {
        return openAt(address, QUIET_MILLIS, credentials);
    }

    /** As {@link #open(String, Credentials)}, of which a read waits as long as is said. */
    static LineClient openAt(String address, int quietMillis, Credentials credentials) throws IOException {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            throw new ConnectException("no address: " + address);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return open(host, Integer.parseInt(matcher.group(3)), quietMillis, credentials);
    }

    /**
     * Connects, at the first of the host's addresses where somebody listens.
     *
     * @param quietMillis how long a read waits
     * @throws RefusedException if the server does not take the token
     */
    public static LineClient open(String host, int port, int quietMillis, Credentials credentials) throws IOException {
        Socket socket = connected(InetAddress.getAllByName(host), port);
        try {
            Socket spoken = credentials.tls() == null ? socket : secured(socket, host, port, credentials.tls());
            var client = new LineClient(socket, spoken);
            spoken.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
            client.showToken(credentials.token());
            spoken.setSoTimeout(quietMillis);
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** At the first of a name's addresses where somebody listens: a server may have only one of them. */
    static Socket connected(InetAddress[] addresses, int port) throws IOException {
        IOException failure = new ConnectException("there is no address");
        for (int i = 0; i < addresses.length; i++) {
            try {
                return connected(new InetSocketAddress(addresses[i], port));
            } catch (IOException e) {
                // Of several failures the first is the most likely to be the user's.
                failure = i == 0 ? e : failure;
            }
        }
        throw failure;
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, CONNECT_TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The server has to be who it was looked for as. */
    private static Socket secured(Socket socket, String host, int port, SSLContext tls) throws IOException {
        var secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
        secured.startHandshake();
        return secured;
    }

    private void showToken(String token) throws IOException {
        if (token.isEmpty()) {
            return;
        }
        send("auth " + token);
        if (!lines.next()) {
            throw new EOFException("the server closed it");
        }
        EventLine answer = EventLine.of(lines);
        if (Passing.is(answer) || Passing.isFarewell(answer)) {
            throw new IOException(answer.text("message"));
        }
        if (answer.is("error")) {
            throw new RefusedException(answer.text("message"));
        }
    }

    /** What the server sends. */
    public LineReader lines() {
        return lines;
    }

    /**
     * Goes to the next line. A server that says nothing for long is asked whether it is there; a second silence is the end.
     *
     * @return false if the stream has ended
     */
    boolean next() throws IOException {
        try {
            return lines.next();
        } catch (SocketTimeoutException e) {
            send("ping");
            return lines.next();
        }
    }

    /** Sends one request now. */
    public void send(String request) throws IOException {
        out.write((request + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Says quit, and reads to the end, for a while: a connection that is closed while there is something to read is reset. */
    public void leave() {
        long giveUpAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS);
        try {
            send("quit");
            socket.setSoTimeout(FAREWELL_MILLIS);
            while (System.nanoTime() < giveUpAt && lines.next()) {
                // Nobody wants it any more.
            }
        } catch (IOException e) {
            // The server was faster, or is too slow.
        }
    }

    /** For requests that are written in pieces; buffered until it is flushed. */
    public OutputStream requests() {
        return out;
    }

    /** Ends it without a word, whoever is in the middle of sending: TLS would wait for him, to send its own last word. */
    void cut() {
        try {
            tcp.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
