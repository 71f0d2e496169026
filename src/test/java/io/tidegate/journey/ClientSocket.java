package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** A client's connection: sends lines, reads event lines, and knows how the stream ended. */
final class ClientSocket implements Closeable {

    /** How a stream ended. */
    enum End {
        /** The server closed its side. */
        FIN,
        /** The connection was reset. */
        RESET,
        /** This client closed the socket itself. */
        CLOSED_HERE
    }

    private static final int CONNECT_TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final Valve valve;
    private final Wire wire;

    private byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;
    private End end;

    /** The client's side of the connection; a closed socket does not know it any more. */
    private final InetSocketAddress localAddress;

    private long received;

    ClientSocket(InetSocketAddress server) throws IOException {
        this(server, Valve.open(), 0, Wire.tcp());
    }

    /**
     * A connection that is open.
     *
     * @param receiveBytes the size of the kernel's receive buffer; 0 for its default
     * @param wire how its lines travel
     */
    ClientSocket(InetSocketAddress server, Valve valve, int receiveBytes, Wire wire) throws IOException {
        this.valve = valve;
        this.wire = wire;
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(server, CONNECT_TIMEOUT_MILLIS);
        socket.setSoTimeout((int) Background.PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        in = wire.decode(socket.getInputStream(), socket.getOutputStream());
        wire.open(in, socket.getOutputStream());
        localAddress = (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends whole lines at once; each ends with a newline already. */
    void send(CharSequence lines) throws IOException {
        byte[] bytes = wire.encode(lines.toString());
        synchronized (wire) {
            socket.getOutputStream().write(bytes);
        }
    }

    /** With which code the server closed it, if it is a WebSocket; otherwise 0. */
    int closeCode() {
        return wire.closeCode();
    }

    /** The next event; null at the end of the stream. */
    EventLine read() throws IOException, InterruptedException {
        int searched = from;
        while (true) {
            for (int i = searched; i < to; i++) {
                if (buffer[i] == '\n') {
                    int start = from;
                    from = i + 1;
                    return EventLine.parse(buffer, start, i);
                }
            }
            int unsearched = to - from;
            if (!fill()) {
                return null;
            }
            searched = from + unsearched;
        }
    }

    private boolean fill() throws IOException, InterruptedException {
        makeRoom();
        valve.pass();
        try {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                end = End.FIN;
                return false;
            }
            to += read;
            received += read;
            valve.passed(read);
            return true;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came for " + Background.PATIENCE, e);
        } catch (SocketException e) {
            end = socket.isClosed() ? End.CLOSED_HERE : End.RESET;
            return false;
        }
    }

    private void makeRoom() {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
    }

    /** The client's address as the server shows it. */
    String peer() {
        return localAddress.getAddress().getHostAddress() + ":" + localAddress.getPort();
    }

    /** Bytes that were read. */
    long received() {
        return received;
    }

    /** How the stream ended; null before {@link #read} gave null. */
    End end() {
        return end;
    }

    /** Whether bytes are left over that are no whole line. */
    boolean isCutWithinLine() {
        return to > from;
    }

    /** Closes this side; what the server sends can still be read. */
    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with RST, as a client that crashed. */
    void vanish() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
