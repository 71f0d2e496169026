package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Transport;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
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
 * The beginning of TLS: when client and server are at one, and the kernel has the last of it, the channel is secured and what is to be
 * spoken comes {@linkplain #next next}.
 *
 * <p>What takes a processor its time, to sign and to agree on keys, runs on threads of its own; the dialogue goes on when it is
 * signalled. Only the time in which it waits for the client counts.
 */
final class Handshake extends Preamble {

    /** The type of a record of a handshake (RFC 8446, section 5.1): no request of ours begins so. */
    private static final byte HANDSHAKE = 22;

    /**
     * Records of a client until the handshake is over, or it comes to nothing. A few are all it takes, sixty where a client sends the
     * longest certificates in the shortest records that are asked for (RFC 6066, section 4); each is copied together with those before
     * it until they are a message.
     */
    static final int MOST_RECORDS = 256;

    private final SecureChannel channel;
    private final SSLEngine engine;
    private final Protocol spoken;
    private final Tls tls;
    private final Incoming incoming = new Incoming();
    private int records;
    private boolean hasBegun;

    /** A task of the engine's runs. */
    private boolean isWorking;

    /** It has run. Set by its thread. */
    private volatile boolean worked;

    private long workingSince;

    Handshake(
            SecureChannel channel,
            Protocol spoken,
            Tls tls,
            Wakeup wakeup,
            BooleanSupplier hasUnread,
            LongSupplier nanoClock) {
        super(tls.handshakeTimeout(), CloseReason.TLS_FAILED, wakeup, hasUnread, nanoClock);
        this.channel = channel;
        this.engine = channel.engine();
        this.spoken = spoken;
        this.tls = tls;
    }

    @Override
    public Transport transport() {
        return Transport.TLS;
    }

    @Override
    boolean isWorking() {
        return isWorking;
    }

    @Override
    void look() {
        if (isWorking && worked) {
            isWorking = false;
            worked = false;
            excuse(now() - workingSince);
        }
        if (isWorking || isOver() || (!hasBegun && came().isEmpty())) {
            return;
        }
        if (hasBegun || came().head() == HANDSHAKE) {
            goOn();
        } else {
            refuse(spoken.mistaken("this port speaks TLS, and that is no TLS: connect with TLS"));
        }
    }

    // ---- the engine

    private void goOn() {
        try {
            if (!hasBegun) {
                hasBegun = true;
                engine.beginHandshake();
            }
            ByteBuffer bytes = incoming.with(came());
            keep(ByteString.emptyByteString());
            boolean goesOn = true;
            while (goesOn) {
                goesOn = step(bytes);
            }
            incoming.keep(bytes);
        } catch (SSLException e) {
            giveUp();
            // It tells the client why, if it can.
            sayAlert();
        }
    }

    /** Does what the engine needs; returns whether it may need more. */
    private boolean step(ByteBuffer bytes) throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(bytes);
            case NEED_WRAP -> {
                wrap();
                yield true;
            }
            case NEED_TASK -> {
                work();
                yield false;
            }
            case FINISHED, NOT_HANDSHAKING -> {
                settle();
                yield false;
            }
        };
    }

    private boolean unwrap(ByteBuffer bytes) throws SSLException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        ByteBuffer nothing = RecordBuffers.toOpen(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(bytes, nothing);
        if (engine.isInboundDone()) {
            throw new SSLException("the client has ended it");
        }
        if (result.bytesConsumed() > 0 && ++records > MOST_RECORDS) {
            throw new SSLException("too many records");
        }
        return result.getStatus() == SSLEngineResult.Status.OK;
    }

    private void wrap() throws SSLException {
        ByteBuffer record = record();
        engine.wrap(RecordBuffers.NOTHING.duplicate(), record);
        say(ByteString.fromByteBuffer(record.flip()));
    }

    private ByteBuffer record() {
        return RecordBuffers.toSeal(engine.getSession().getPacketBufferSize());
    }

    private void sayAlert() {
        try {
            ByteBuffer record = record();
            Engines.end(engine, record);
            say(ByteString.fromByteBuffer(record.flip()));
        } catch (SSLException e) {
            // Then nothing is told.
        }
    }

    private void work() {
        isWorking = true;
        workingSince = now();
        tls.handshakes().execute(() -> {
            try {
                Engines.work(engine);
            } finally {
                worked = true;
                wakeup().signal();
            }
        });
    }

    // ---- its end

    @Override
    public @Nullable EventLines poll() {
        EventLines said = super.poll();
        if (isFinished() && isSettled()) {
            channel.secure();
        }
        return said;
    }

    @Override
    public @Nullable Opening next() {
        return isSettled() ? spoken : null;
    }

    @Override
    public Peer peer(Peer known) {
        return isSettled() ? new Peer(known.address(), certificates()) : known;
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
        return channel.read(incoming.take().concat(came()));
    }
}
