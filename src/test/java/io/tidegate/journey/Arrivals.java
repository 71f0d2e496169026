package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A new client every few milliseconds, who asks one thing, is answered, and leaves. */
final class Arrivals implements Closeable {

    private static final long INTERVAL_NANOS = 3_000_000;

    /**
     * What became of them.
     *
     * @param served were answered
     * @param turnedAway got a goodbye instead
     * @param reset were reset before they got a byte
     * @param cut over TLS, got an end in place of a handshake
     * @param refused found nobody who listens
     * @param longestMillis from the attempt to connect to the first line, of the one who waited longest
     */
    record Count(int served, int turnedAway, int reset, int cut, int refused, long longestMillis) {}

    /** One that the kernel connected; the last one in the queue has no socket. */
    private record Arrival(ClientSocket socket, long startedNanos) {}

    private final InetSocketAddress server;
    private final Way way;
    private final BlockingQueue<Arrival> connected = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> refused;
    private final CompletableFuture<Count> checked;
    private final AtomicInteger cut = new AtomicInteger();
    private volatile boolean closed;

    Arrivals(InetSocketAddress server, Way way) {
        this.server = server;
        this.way = way;
        refused = Background.start("arrivals", this::connectUntilClosed);
        checked = Background.start("answers to arrivals", this::checkAll);
    }

    private int connectUntilClosed() throws IOException {
        int refusals = 0;
        try {
            while (!closed) {
                long started = System.nanoTime();
                try {
                    connected.add(new Arrival(asked(new ClientSocket(server, way)), started));
                } catch (ConnectException e) {
                    refusals++;
                } catch (SocketException e) {
                    if (way.isPlain()) {
                        throw e;
                    }
                    cut.incrementAndGet();
                }
                LockSupport.parkNanos(INTERVAL_NANOS);
            }
            return refusals;
        } finally {
            connected.add(new Arrival(null, 0));
        }
    }

    /** Asks at once, also where nobody answers yet; whether it was reset is seen when it reads. */
    private static ClientSocket asked(ClientSocket socket) {
        try {
            socket.send("ping\nquit\n");
        } catch (IOException e) {
            // Reset already.
        }
        return socket;
    }

    private Count checkAll() throws IOException, InterruptedException {
        int served = 0;
        int turnedAway = 0;
        int reset = 0;
        long longest = 0;
        for (Arrival arrival = connected.take(); arrival.socket() != null; arrival = connected.take()) {
            EventLine first = firstLine(arrival.socket());
            longest = Math.max(longest, System.nanoTime() - arrival.startedNanos());
            if (first == null) {
                reset++;
            } else if (first.kind().equals("pong")) {
                served++;
            } else if (first.kind().equals("goodbye")) {
                turnedAway++;
            } else {
                throw new AssertionError("a client that said ping was answered " + first);
            }
        }
        int refusals = Background.await(refused, "the last arrival");
        return new Count(served, turnedAway, reset, cut.get(), refusals, longest / 1_000_000);
    }

    /** Null if it was reset without a word. */
    private static EventLine firstLine(ClientSocket socket) throws IOException, InterruptedException {
        try (socket) {
            EventLine first = socket.read();
            EventLine last = first;
            for (EventLine line = first; line != null; line = socket.read()) {
                last = line;
            }
            if (first != null && (!last.kind().equals("goodbye") || socket.end() != ClientSocket.End.FIN)) {
                throw new AssertionError("a connection ended by " + socket.end() + " after " + last);
            }
            if (first == null && socket.end() != ClientSocket.End.RESET) {
                throw new AssertionError("a connection ended by " + socket.end() + " without a word");
            }
            return first;
        }
    }

    /** Lets nobody come any more, and waits until all have left. */
    Count end() throws InterruptedException {
        closed = true;
        return Background.await(checked, "the last arrival to leave");
    }

    @Override
    public void close() {
        closed = true;
    }
}
