package io.tidegate.journey;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A client that asks for everything and reads nothing; only at the end it looks how its connection ended. */
final class NeverReader implements Closeable {

    private static final int RECEIVE_BYTES = 4096;

    private final ClientSocket socket;

    NeverReader(InetSocketAddress server) throws IOException {
        socket = new ClientSocket(server, Valve.open(), RECEIVE_BYTES);
        socket.send("follow\n");
    }

    /** Checks that the server gave up on it: what the kernel still holds, and then RST. */
    void requireReset() throws IOException, InterruptedException {
        while (true) {
            EventLine line = socket.read();
            if (line == null) {
                break;
            }
            if (line.kind().equals("goodbye")) {
                throw new AssertionError("what was written to the never-reader fitted into the kernel's buffers");
            }
        }
        if (socket.end() != ClientSocket.End.RESET) {
            throw new AssertionError("the never-reader's connection ended by " + socket.end());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
