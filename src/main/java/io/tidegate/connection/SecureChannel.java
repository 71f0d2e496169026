package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.ledger.CloseReason;
import io.tidegate.wire.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS records, from the end of the {@link Handshake} on; before it, bytes as they are.
 *
 * <p>A byte counts as sent when the last of its record is with the kernel: of a part of a record a client gets nothing. So no record
 * that was begun is ever cut but by a reset, and a client whose kernel takes nothing pins what was sealed at once, {@value #RECORDS}
 * records.
 *
 * <p><b>The end.</b> close_notify ends one direction only (RFC 8446, section 6.1): a client that has said it is still sent everything.
 * By TLS 1.2 it would have to be answered at once, and nothing could be sent behind that (RFC 5246, section 7.2.1); there an
 * alert of the client is not shown to the engine, which would do so. What comes after it is discarded, as it is after our FIN.
 */
final class SecureChannel implements Channel {

    /** Records that are sealed before they are written. More would not be faster, and a client that is stuck pins them. */
    private static final int RECORDS = 4;

    /**
     * Records that say nothing, one after the other, before the connection ends: each may change the client's keys, which costs more
     * than a record that says something, and the engine holds what it owes in answer until something is sent.
     */
    static final int MOST_SILENT = 32;

    /** The type of a record, its first byte (RFC 8446, section 5.1). */
    private static final byte ALERT = 21;

    /** A record that the kernel does not have as a whole: where it ends in what is held, and how many bytes it seals. */
    private record Sealed(int end, int bytes) {}

    private final Channel kernel;
    private final SSLEngine engine;

    /** The handshake is over, and the kernel has the last of it. */
    private boolean secured;

    /** Of TLS 1.2. */
    private boolean holdsAlertsBack;

    private ByteBuffer held = RecordBuffers.NOTHING;
    private final ArrayDeque<Sealed> records = new ArrayDeque<>(0);
    private int pieceBytes;
    private boolean ended;

    /** The beginning of a record. */
    private final Incoming unread = new Incoming();

    private long read;

    /** Records that said nothing since the last that did, or since what they are owed was sent. */
    private int silent;

    private boolean inputOver;
    private @Nullable CloseReason broken;

    /**
     * The channel of one socket.
     *
     * @param kernel where records go, and where what came is from
     * @param engine of this connection alone
     */
    SecureChannel(Channel kernel, SSLEngine engine) {
        this.kernel = kernel;
        this.engine = engine;
    }

    SSLEngine engine() {
        return engine;
    }

    /** From now on bytes are sealed, and what comes is opened. */
    void secure() {
        secured = true;
        holdsAlertsBack = engine.getSession().getProtocol().equals("TLSv1.2");
    }

    // ---- out

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (!secured) {
            return kernel.write(bytes);
        }
        int from = bytes.position();
        int taken = flush();
        bytes.position(from + Math.min(taken, bytes.remaining()));
        while (!holds() && bytes.hasRemaining()) {
            ByteBuffer sealed = seal(bytes);
            kernel.write(sealed);
            taken += settled(sealed.position());
            hold(sealed);
        }
        return taken;
    }

    private int flush() throws IOException {
        if (!holds()) {
            return 0;
        }
        kernel.write(held);
        return settled(held.position());
    }

    /** Bytes of the records that are with the kernel up to there. */
    private int settled(int position) {
        int bytes = 0;
        for (Sealed next = records.peek(); next != null && next.end() <= position; next = records.peek()) {
            bytes += next.bytes();
            records.remove();
        }
        return bytes;
    }

    /** Seals some records, of as many bytes as they take. */
    private ByteBuffer seal(ByteBuffer bytes) throws SSLException {
        int most = engine.getSession().getPacketBufferSize();
        ByteBuffer sealed = RecordBuffers.toSeal(RECORDS * most);
        do {
            // An answer to a change of the client's keys may come first, without a byte of these.
            SSLEngineResult result = engine.wrap(bytes, sealed);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                // The client has cancelled both directions, as sockets of Java do that are closed as a whole.
                broken = broken == null ? CloseReason.PEER_CLOSED : broken;
                throw new SSLException("the client has closed both directions");
            }
            records.add(new Sealed(sealed.position(), result.bytesConsumed()));
            silent = 0;
        } while (bytes.hasRemaining() && sealed.remaining() >= most);
        return sealed.flip();
    }

    /** Keeps what the kernel did not take. */
    private void hold(ByteBuffer sealed) {
        int done = sealed.position();
        if (!sealed.hasRemaining()) {
            held = RecordBuffers.NOTHING;
            return;
        }
        held = ByteBuffer.allocate(sealed.remaining()).put(sealed).flip();
        for (int count = records.size(); count > 0; count--) {
            Sealed record = records.remove();
            records.add(new Sealed(record.end() - done, record.bytes()));
        }
    }

    @Override
    public boolean counts() {
        return secured;
    }

    @Override
    public boolean holds() {
        return held.hasRemaining();
    }

    @Override
    public ByteString piece(ByteString rest) {
        if (!secured) {
            return kernel.piece(rest);
        }
        if (!holds()) {
            sealForPiece(rest);
        }
        pieceBytes = Math.min(PlainChannel.PIECE_BYTES, held.remaining());
        return ByteString.fromByteBuffer(held.duplicate().limit(held.position() + pieceBytes));
    }

    /** The socket is broken, and only the TCP stage can tell how: it has to be given something. */
    private void sealForPiece(ByteString rest) {
        try {
            hold(seal(rest.take(PlainChannel.PIECE_BYTES).toByteBuffer()));
        } catch (SSLException e) {
            throw new IllegalStateException("a record cannot be sealed", e);
        }
    }

    @Override
    public int pieceTaken() {
        if (!secured) {
            return kernel.pieceTaken();
        }
        held.position(held.position() + pieceBytes);
        pieceBytes = 0;
        return settled(held.position());
    }

    /** Behind the last record comes close_notify, or the alert that tells what was wrong with the client's. */
    @Override
    public void end() throws IOException {
        if (secured && !ended) {
            ended = true;
            ByteBuffer last = RecordBuffers.toSeal(engine.getSession().getPacketBufferSize());
            Engines.end(engine, last);
            last.flip();
            kernel.write(last);
            hold(last);
        } else {
            int unused = flush();
        }
    }

    @Override
    public void finish() throws IOException {
        kernel.finish();
    }

    // ---- in

    @Override
    public ByteString read(ByteString came) {
        if (!secured) {
            return came;
        }
        if (inputOver) {
            return ByteString.emptyByteString();
        }
        ByteBuffer bytes = unread.with(came);
        try {
            ByteString said = open(bytes);
            if (inputOver) {
                unread.drop();
            } else {
                unread.keep(bytes);
            }
            return said;
        } catch (SSLException e) {
            inputOver = true;
            broken = CloseReason.TLS_FAILED;
            unread.drop();
            return ByteString.emptyByteString();
        }
    }

    /** Opens all records that are whole. What they say is less than they are. */
    private ByteString open(ByteBuffer bytes) throws SSLException {
        ByteBuffer said =
                RecordBuffers.toOpen(bytes.remaining() + engine.getSession().getApplicationBufferSize());
        while (bytes.hasRemaining() && !inputOver) {
            if (holdsAlertsBack && bytes.get(bytes.position()) == ALERT) {
                inputOver = true;
                break;
            }
            SSLEngineResult result = engine.unwrap(bytes, said);
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                break;
            }
            read++;
            requireNoOtherHandshake(result.getHandshakeStatus());
            requireThatItSaysSomething(result);
            inputOver = engine.isInboundDone();
        }
        return said.position() == 0 ? ByteString.emptyByteString() : ByteString.fromByteBuffer(said.flip());
    }

    private void requireThatItSaysSomething(SSLEngineResult result) throws SSLException {
        if (result.bytesProduced() == 0) {
            silent++;
        } else if (result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            silent = 0;
        }
        if (silent > MOST_SILENT) {
            throw new SSLException("records that say nothing");
        }
    }

    /**
     * A client that changes its keys is answered with the next record (RFC 8446, section 4.6.3). Of TLS 1.2 it could ask for another
     * handshake, which costs us more than it: that is refused.
     */
    private void requireNoOtherHandshake(HandshakeStatus status) throws SSLException {
        if (holdsAlertsBack && status != HandshakeStatus.NOT_HANDSHAKING) {
            throw new SSLException("renegotiation");
        }
        if (status == HandshakeStatus.NEED_TASK) {
            Engines.work(engine);
        }
    }

    @Override
    public boolean isInputOver() {
        return inputOver;
    }

    @Override
    public @Nullable CloseReason broken() {
        return broken;
    }

    @Override
    public Decoder.@Nullable Begun begun() {
        return unread.size() == 0 ? null : new Decoder.Begun(read, unread.size());
    }

    // ---- what the kernel tells

    @Override
    public long arrived() {
        return kernel.arrived();
    }

    @Override
    public long notSent() {
        return kernel.notSent();
    }
}
