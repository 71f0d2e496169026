package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.ledger.CloseReason;
import io.tidegate.wire.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Bytes as they are. */
final class PlainChannel implements Channel {

    /**
     * The longest piece. Of one nobody can tell how far it got while it is under way, so it is small: the count of what a client
     * was sent is exact to this, even when the connection is cut in the middle of a write.
     */
    static final int PIECE_BYTES = 512;

    /** Ends the output of a socket. */
    interface Fin {
        void send() throws IOException;
    }

    private final WritableByteChannel socket;
    private final Fin fin;
    private final LongSupplier arrived;
    private final LongSupplier notSent;
    private int pieceBytes;

    /**
     * The channel of one socket.
     *
     * @param fin does nothing if it was sent before
     * @param arrived bytes of the peer that the kernel has received; 0 if it does not tell
     * @param notSent bytes that the kernel has not sent yet; 0 if it does not tell
     */
    PlainChannel(WritableByteChannel socket, Fin fin, LongSupplier arrived, LongSupplier notSent) {
        this.socket = socket;
        this.fin = fin;
        this.arrived = arrived;
        this.notSent = notSent;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return socket.write(bytes);
    }

    @Override
    public ByteString piece(ByteString rest) {
        ByteString piece = rest.take(PIECE_BYTES);
        pieceBytes = piece.size();
        return piece;
    }

    @Override
    public int pieceTaken() {
        return pieceBytes;
    }

    @Override
    public boolean counts() {
        return true;
    }

    @Override
    public boolean holds() {
        return false;
    }

    @Override
    public void end() {
        // Its end is FIN.
    }

    @Override
    public void finish() throws IOException {
        fin.send();
    }

    @Override
    public ByteString read(ByteString came) {
        return came;
    }

    @Override
    public boolean isInputOver() {
        return false;
    }

    @Override
    public @Nullable CloseReason broken() {
        return null;
    }

    @Override
    public Decoder.@Nullable Begun begun() {
        return null;
    }

    @Override
    public long arrived() {
        return arrived.getAsLong();
    }

    @Override
    public long notSent() {
        return notSent.getAsLong();
    }
}
