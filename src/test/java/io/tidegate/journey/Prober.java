package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Connects again and again until the server refuses, and checks that whoever was let in was treated politely.
 *
 * <p>The kernel completes a connection before the server looks at it: to the client those that still wait to be accepted
 * when the listener closes look like any other, and end by RST before they got a byte; over TLS they may be cut within their
 * handshake as well.
 */
final class Prober implements Closeable {

    private static final long INTERVAL_NANOS = 10_000_000;
    private static final int MOST_PROBES = 10_000;

    /**
     * What the prober saw.
     *
     * @param lastLetInNanos when the last connection that was not refused was asked for
     * @param refusedNanos when the first connection was refused
     * @param served how many connections were served
     * @param reset how many were reset before they got a byte, or cut within their handshake
     * @param latenessNanos how late this machine wakes a thread that waits for nothing but the time: the median
     */
    record Refusal(long lastLetInNanos, long refusedNanos, int served, int reset, long latenessNanos) {}

    /** A connection that the kernel made; it has no socket if it was reset as soon as it was made. */
    private record Probe(ClientSocket socket, long startedNanos) {}

    /** Comes after the last connection. */
    private static final Probe END = new Probe(null, 0);

    private final InetSocketAddress server;
    private final Way way;
    private final BlockingQueue<Probe> connected = new LinkedBlockingQueue<>();
    /** Of the connecting thread; read when it has ended. */
    private final List<Long> latenesses = new ArrayList<>();

    private final CompletableFuture<Long> refused;
    private final CompletableFuture<Refusal> checked;
    private volatile boolean closed;

    Prober(InetSocketAddress server, Way way) {
        this.server = server;
        this.way = way;
        refused = Background.start("prober", this::connectUntilRefused);
        checked = Background.start("prober's answers", this::checkAll);
    }

    private long connectUntilRefused() throws IOException {
        try {
            for (int i = 0; i < MOST_PROBES && !closed; i++) {
                long started = System.nanoTime();
                try {
                    connected.add(new Probe(new ClientSocket(server, way), started));
                } catch (ConnectException e) {
                    return System.nanoTime();
                } catch (SocketException e) {
                    connected.add(new Probe(null, started));
                }
                long slept = System.nanoTime();
                LockSupport.parkNanos(INTERVAL_NANOS);
                latenesses.add(Math.max(0, System.nanoTime() - slept - INTERVAL_NANOS));
            }
            throw new AssertionError("no connection was refused");
        } finally {
            connected.add(END);
        }
    }

    @SuppressWarnings("ReferenceEquality") // The end is that one object.
    private Refusal checkAll() throws IOException, InterruptedException {
        long lastLetIn = System.nanoTime();
        int served = 0;
        int reset = 0;
        for (Probe probe = connected.take(); !probe.equals(END); probe = connected.take()) {
            lastLetIn = probe.startedNanos();
            if (probe.socket() != null && isServed(probe.socket())) {
                served++;
            } else {
                reset++;
            }
        }
        return new Refusal(lastLetIn, Background.await(refused, "a refusal"), served, reset, lateness());
    }

    private long lateness() {
        List<Long> sorted = latenesses.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /** Whether the server answered; if it did, it must have ended with goodbye and FIN. */
    private static boolean isServed(ClientSocket socket) throws IOException, InterruptedException {
        try (socket) {
            try {
                socket.send("ping\nquit\n");
            } catch (IOException e) {
                return false;
            }
            EventLine last = null;
            for (EventLine line = socket.read(); line != null; line = socket.read()) {
                last = line;
            }
            if (last == null && socket.end() == ClientSocket.End.RESET) {
                return false;
            }
            if (last == null || !last.kind().equals("goodbye") || socket.end() != ClientSocket.End.FIN) {
                throw new AssertionError("a connection was accepted and ended by " + socket.end() + " after " + last);
            }
            return true;
        }
    }

    /** Waits until a connection was refused and all earlier ones have ended. */
    Refusal awaitRefusal() throws InterruptedException {
        return Background.await(checked, "the prober to be refused");
    }

    @Override
    public void close() {
        closed = true;
    }
}
