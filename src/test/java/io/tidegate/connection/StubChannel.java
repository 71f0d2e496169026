package io.tidegate.connection;

import akka.util.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** A socket whose kernel takes as many bytes as a test says; none at first. */
final class StubChannel implements WritableByteChannel {

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int room;
    private boolean failing;
    private int writes;
    private boolean finished;

    /** Takes so many bytes from now on. */
    synchronized void takes(int bytes) {
        room = bytes;
    }

    synchronized void fails() {
        failing = true;
    }

    synchronized String taken() {
        return taken.toString(StandardCharsets.UTF_8);
    }

    /** The same as bytes; they are not told again. */
    synchronized ByteString takeBytes() {
        ByteString bytes = ByteString.fromArray(taken.toByteArray());
        taken.reset();
        return bytes;
    }

    /** How often it was written to. */
    synchronized int writes() {
        return writes;
    }

    synchronized void finish() throws IOException {
        if (failing) {
            throw new IOException("not connected");
        }
        finished = true;
    }

    /** Whether FIN was sent. */
    synchronized boolean isFinished() {
        return finished;
    }

    @Override
    public synchronized int write(ByteBuffer bytes) throws IOException {
        writes++;
        if (failing) {
            throw new IOException("broken pipe");
        }
        int count = Math.min(room, bytes.remaining());
        for (int i = 0; i < count; i++) {
            taken.write(bytes.get());
        }
        room -= count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
