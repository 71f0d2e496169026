package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.ledger.CloseReason;
import io.tidegate.wire.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What lies between what is spoken on a connection and the kernel, both ways. The only part of a connection that knows its socket.
 *
 * <p>While the kernel takes everything, bytes are written directly. Of a rest that it does not take, pieces go through the
 * stream's TCP stage, which waits until the socket is writable. Guarded by its {@link Outbound}.
 */
interface Channel {

    // ---- out

    /**
     * Hands bytes to the kernel, behind those that it {@linkplain #holds holds}. Not while a piece is with the TCP stage: bytes would
     * overtake each other.
     *
     * @param bytes those that were not counted yet; none to hand on what it holds
     * @return how many of them the kernel has now; fewer than there are when its buffer is full
     * @throws IOException if the connection is broken, which the TCP stage finds out as well
     */
    int write(ByteBuffer bytes) throws IOException;

    /**
     * The next bytes for the TCP stage, of a rest that the kernel did not take, or of what the channel holds; not empty if either is
     * not.
     */
    ByteString piece(ByteString rest);

    /**
     * Called when the TCP stage has handed the last {@linkplain #piece piece} to the kernel.
     *
     * @return how many bytes of the rest the kernel has thereby
     */
    int pieceTaken();

    /** Whether what it takes now counts as sent to the client: a handshake is not what anybody was to be told. */
    boolean counts();

    /** Whether it holds bytes that it has made, and that have to be with the kernel before anything else. */
    boolean holds();

    /** Nothing more is written. What it has to say itself it says, or {@linkplain #holds holds}. Repeating it changes nothing. */
    void end() throws IOException;

    /** Sends FIN, after the last byte. */
    void finish() throws IOException;

    // ---- in

    /** What the client says in bytes that came, and in those before of which it could not be told yet. */
    ByteString read(ByteString came);

    /** Whether the client has said that it says no more, or nobody can tell what it says. */
    boolean isInputOver();

    /** Why the connection has to end, as nobody can tell what the client says, or it is told nothing any more; null if it need not. */
    @Nullable
    CloseReason broken();

    /** What came and does not tell anything yet; null if there is nothing. */
    Decoder.@Nullable Begun begun();

    // ---- what the kernel tells

    /** Bytes of the client that the kernel has received; 0 if it does not tell. */
    long arrived();

    /** Bytes that the kernel has taken and not sent yet; 0 if it does not tell. */
    long notSent();
}
