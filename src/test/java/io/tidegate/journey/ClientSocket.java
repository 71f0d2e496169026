package io.tidegate.journey;

import io.tidegate.server.SecureClients;
import io.tidegate.server.SecureClients.Connected;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import javax.net.ssl.SSLException;

/** A client's connection: sends lines, reads event lines, and knows how the stream ended. */
final class ClientSocket implements Closeable {

    /** How a stream ended. */
    enum End {
        /** The server closed its side. */
        FIN,
        /** Over TLS, without the last word of it. */
        CUT,
        /** The connection was reset. */
        RESET,
        /** This client closed the socket itself. */
        CLOSED_HERE
    }

    private final Way way;
    private final Way.Link link;
    private final Socket socket;
    private final InputStream in;
    private final Valve valve;
    private final Wire wire;

    private byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;
    private End end;
    private volatile boolean closedHere;
    private volatile boolean writeFailed;

    /** The client's side of the connection; a closed socket does not know it any more. */
    private final InetSocketAddress localAddress;

    private long received;

    ClientSocket(InetSocketAddress server) throws IOException {
        this(server, Way.PLAIN);
    }

    ClientSocket(InetSocketAddress server, Way way) throws IOException {
        this(server, Valve.open(), 0, Wire.tcp(), way);
    }

    /**
     * A connection that is open.
     *
     * @param receiveBytes the size of the kernel's receive buffer; 0 for its default
     * @param wire how its lines travel
     */
    ClientSocket(InetSocketAddress server, Valve valve, int receiveBytes, Wire wire, Way way) throws IOException {
        this.valve = valve;
        this.wire = wire;
        this.way = way;
        link = way.connect(server, receiveBytes);
        socket = link.socket();
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
            try {
                socket.getOutputStream().write(bytes);
            } catch (SocketException e) {
                writeFailed = true;
                throw e;
            }
        }
    }

    /** Says who it is, where that is asked for; the answer comes before all others. */
    ClientSocket introduce() throws IOException {
        if (!way.isPlain()) {
            send(way.auth());
        }
        return this;
    }

    /** Whether it can say nothing any more once it was told the end. */
    boolean leavesByItself() {
        return way.leavesByItself();
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
                end = endBelow();
                return false;
            }
            to += read;
            received += read;
            valve.passed(read);
            return true;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came for " + Background.PATIENCE, e);
        } catch (SocketException e) {
            end = closedHere ? End.CLOSED_HERE : End.RESET;
            return false;
        } catch (SSLException e) {
            // Who has found out by a write that it was reset, reads no more.
            if (!closedHere && !writeFailed) {
                throw new AssertionError("not as it was sent", e);
            }
            end = closedHere ? End.CLOSED_HERE : End.RESET;
            return false;
        }
    }

    private End endBelow() throws IOException {
        Connected secured = link.secured();
        if (secured == null || secured.end().equals(SecureClients.CLEAN)) {
            return End.FIN;
        }
        return secured.below().isReset() ? End.RESET : End.CUT;
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
        closedHere = true;
        link.below().setSoLinger(true, 0);
        link.below().close();
    }

    /** Closes as a client that was killed: its kernel does. */
    void abandon() throws IOException {
        closedHere = true;
        link.below().close();
    }

    @Override
    public void close() throws IOException {
        closedHere = true;
        socket.close();
    }
}
