package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Decoder;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of TLS, as a dialogue: when client and server are at one, and the kernel has the last of it, the channel is secured
 * and what is to be spoken comes {@linkplain #next next}.
 *
 * <p>What takes a processor its time, to sign and to agree on keys, runs on threads of its own; the dialogue goes on when it is
 * signalled. Only the time in which it waits for the client counts.
 */
final class Handshake implements Dialogue<ByteString> {

    /** The type of a record of a handshake (RFC 8446, section 5.1): no request of ours begins so. */
    private static final byte HANDSHAKE = 22;

    /** In a drain, who has begun gets so much time to come to where goodbye can be said. */
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    private final SecureChannel channel;
    private final SSLEngine engine;
    private final Protocol spoken;
    private final Tls tls;
    private final Peer peer;
    private final Wakeup wakeup;
    private final BooleanSupplier hasUnread;
    private final LongSupplier nanoClock;
    private final Pieces pieces = new Pieces();

    /** What came and the engine has not taken. */
    private ByteString came = ByteString.emptyByteString();

    private ByteString toSay = ByteString.emptyByteString();
    private boolean hasBegun;

    /** A task of the engine's runs. */
    private boolean isWorking;

    /** It has run. Set by its thread. */
    private volatile boolean worked;

    private long workingSince;

    /** When the client's time began; later by so much as was worked meanwhile. */
    private long since;

    /** Client and server are at one. */
    private boolean isAgreed;

    /** Nothing comes of it. */
    private boolean isOff;

    private boolean isTold;
    private boolean finished;
    private CloseReason endReason = CloseReason.TLS_FAILED;

    Handshake(
            SecureChannel channel,
            Protocol spoken,
            Tls tls,
            Peer peer,
            Wakeup wakeup,
            BooleanSupplier hasUnread,
            LongSupplier nanoClock) {
        this.channel = channel;
        this.engine = channel.engine();
        this.spoken = spoken;
        this.tls = tls;
        this.peer = peer;
        this.wakeup = wakeup;
        this.hasUnread = hasUnread;
        this.nanoClock = nanoClock;
        since = nanoClock.getAsLong();
    }

    /** What comes, as it comes. */
    private static final class Pieces implements Decoder<ByteString, ByteString> {
        private @Nullable ByteString piece;

        @Override
        public void take(ByteString chunk) {
            piece = chunk;
        }

        @Override
        public @Nullable ByteString next() {
            ByteString next = piece;
            piece = null;
            return next;
        }
    }

    @Override
    public Decoder<ByteString, ByteString> decoder() {
        return pieces;
    }

    @Override
    public Transport transport() {
        return Transport.TLS;
    }

    // ---- input

    @Override
    public boolean wantsInput() {
        return !isWorking && !isOver();
    }

    private boolean isOver() {
        return isAgreed || isOff || finished;
    }

    @Override
    public boolean take(ByteString input) {
        if (!hasBegun && input.head() != HANDSHAKE) {
            toSay = spoken.mistaken("this port speaks TLS, and that is no TLS: connect with TLS");
            endReason = CloseReason.REFUSED;
            isOff = true;
            return false;
        }
        came = came.concat(input);
        goOn();
        return true;
    }

    @Override
    public void inputEnded() {
        if (!isAgreed) {
            endReason = hasBegun ? endReason : CloseReason.QUIT;
            isOff = true;
        }
    }

    // ---- the engine

    private void goOn() {
        try {
            if (!hasBegun) {
                hasBegun = true;
                engine.beginHandshake();
            }
            boolean goesOn = !isOver();
            while (goesOn) {
                goesOn = step();
            }
        } catch (SSLException e) {
            isOff = true;
            // It tells the client why, if it can.
            sayAlert();
        }
    }

    /** Does what the engine needs; returns whether it may need more. */
    private boolean step() throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
            case NEED_WRAP -> {
                wrap();
                yield true;
            }
            case NEED_TASK -> {
                work();
                yield false;
            }
            case FINISHED, NOT_HANDSHAKING -> {
                isAgreed = true;
                yield false;
            }
        };
    }

    private boolean unwrap() throws SSLException {
        if (came.isEmpty()) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(came.toArray());
        ByteBuffer nothing = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(bytes, nothing);
        came = ByteString.fromByteBuffer(bytes);
        if (engine.isInboundDone()) {
            throw new SSLException("the client has ended it");
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    private SSLEngineResult wrap() throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), record);
        toSay = toSay.concat(ByteString.fromByteBuffer(record.flip()));
        return result;
    }

    private void sayAlert() {
        try {
            engine.closeOutbound();
            SSLEngineResult result = wrap();
            while (result.bytesProduced() > 0 && !engine.isOutboundDone()) {
                result = wrap();
            }
        } catch (SSLException e) {
            // Nothing can be told.
            toSay = ByteString.emptyByteString();
        }
    }

    private void work() {
        isWorking = true;
        workingSince = nanoClock.getAsLong();
        tls.handshakes().execute(() -> {
            try {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            } finally {
                worked = true;
                wakeup.signal();
            }
        });
    }

    private void lookForWork() {
        if (isWorking && worked) {
            isWorking = false;
            worked = false;
            since += nanoClock.getAsLong() - workingSince;
            goOn();
        }
    }

    // ---- output

    @Override
    public @Nullable EventLines poll() {
        wakeup.reset();
        lookForWork();
        if (!toSay.isEmpty()) {
            ByteString said = toSay;
            toSay = ByteString.emptyByteString();
            return EventLines.withoutUpdates(said);
        }
        if (isTold && !hasBegun && !hasUnread.getAsBoolean()) {
            isOff = true;
        }
        // Who is polled knows that the kernel has all that was said.
        if (isAgreed) {
            channel.secure();
        }
        finished = isOver();
        return null;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public @Nullable Opening next() {
        if (!isAgreed) {
            return null;
        }
        var known = new Peer(peer.address(), certificates());
        return (unknown, signal, isMoreThere) -> spoken.open(known, signal, isMoreThere);
    }

    private List<X509Certificate> certificates() {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate each : engine.getSession().getPeerCertificates()) {
                if (each instanceof X509Certificate certificate) {
                    chain.add(certificate);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // It has shown none.
            return List.of();
        }
        return chain;
    }

    /** What the client said behind its handshake. */
    @Override
    public ByteString rest() {
        return channel.read(came);
    }

    // ---- from outside

    @Override
    public void shutdown(Goodbye last) {
        if (!isTold) {
            isTold = true;
            since = nanoClock.getAsLong();
        }
        wakeup.signal();
    }

    @Override
    public void check(long nowNanos) {
        Duration patience = isTold && hasBegun ? DRAIN_PATIENCE : tls.handshakeTimeout();
        if (!isOver() && !isWorking && Deadline.hasPassed(since, patience, nowNanos)) {
            isOff = true;
            wakeup.signal();
        }
    }

    @Override
    public long idleSince() {
        return hasBegun ? 0 : since;
    }

    @Override
    public void heartbeat() {
        // Nobody follows anything yet.
    }

    @Override
    public CloseReason endReason() {
        return endReason;
    }

    @Override
    public void close() {
        isOff = true;
        finished = true;
        came = ByteString.emptyByteString();
    }
}
