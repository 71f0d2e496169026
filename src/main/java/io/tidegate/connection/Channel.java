package io.tidegate.connection;

import akka.util.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What lies between the bytes for a client and the kernel. The only part of a connection that knows its socket.
 *
 * <p>While the kernel takes everything, bytes are written directly. Of a rest that it does not take, pieces go through the
 * stream's TCP stage, which waits until the socket is writable. Guarded by its {@link Outbound}.
 */
interface Channel {

    /**
     * Hands bytes to the kernel. Not while a piece is with the TCP stage: bytes would overtake each other.
     *
     * @return how many of them the kernel has now; fewer than there are when its buffer is full
     * @throws IOException if the connection is broken, which the TCP stage finds out as well
     */
    int write(ByteBuffer bytes) throws IOException;

    /** The next bytes for the TCP stage, of a rest that the kernel did not take; not empty if the rest is not. */
    ByteString piece(ByteString rest);

    /**
     * Called when the TCP stage has handed the last {@linkplain #piece piece} to the kernel.
     *
     * @return how many bytes of the rest the kernel has thereby
     */
    int pieceTaken();

    /** Sends FIN, after the last byte. */
    void finish() throws IOException;

    /** Bytes of the client that the kernel has received; 0 if it does not tell. */
    long arrived();

    /** Bytes that the kernel has taken and not sent yet; 0 if it does not tell. */
    long notSent();
}
