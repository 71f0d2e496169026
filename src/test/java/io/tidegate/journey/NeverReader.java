package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that asks for everything and reads nothing; only at the end it looks how its connection ended. */
final class NeverReader implements Closeable {

    private static final int RECEIVE_BYTES = 4096;
    private static final long KNOCK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ClientSocket socket;

    NeverReader(InetSocketAddress server) throws IOException {
        this(server, Way.PLAIN);
    }

    NeverReader(InetSocketAddress server, Way way) throws IOException {
        socket = new ClientSocket(server, Valve.open(), RECEIVE_BYTES, Wire.tcp(), way).introduce();
        socket.send("follow\n");
    }

    /**
     * Begins to look for the reset, from the client's side that a server which drains reads and discards: who does not read
     * is told of a reset only by a write that fails.
     *
     * @return {@link System#nanoTime} of the reset
     */
    CompletableFuture<Long> watch() {
        return Background.start("never-reader " + socket.peer(), () -> {
            long giveUpAt = System.nanoTime() + Background.PATIENCE.toNanos();
            while (System.nanoTime() < giveUpAt) {
                try {
                    socket.send("\n");
                } catch (SocketException e) {
                    // After a FIN it would be a broken pipe.
                    if (!String.valueOf(e.getMessage()).contains("reset")) {
                        throw new AssertionError("the never-reader was not reset", e);
                    }
                    return System.nanoTime();
                }
                LockSupport.parkNanos(KNOCK_INTERVAL_NANOS);
            }
            throw new AssertionError("the never-reader waited in vain for its reset");
        });
    }

    /** Checks that the server gave up on it: what the kernel still holds, and then RST. */
    void requireReset() throws IOException, InterruptedException {
        requireNoGoodbye();
        if (socket.end() != ClientSocket.End.RESET) {
            throw new AssertionError("the never-reader's connection ended by " + socket.end());
        }
    }

    /** Checks that the server could not write all that there was for it. */
    void requireNoGoodbye() throws IOException, InterruptedException {
        for (EventLine line = socket.read(); line != null; line = socket.read()) {
            if (line.kind().equals("goodbye")) {
                throw new AssertionError("what was written to the never-reader fitted into the kernel's buffers");
            }
        }
    }

    /** The client's address as the server shows it. */
    String peer() {
        return socket.peer();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
