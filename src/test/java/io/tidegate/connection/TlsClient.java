package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.tls.TestCertificates;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** A client that speaks TLS in memory: it is given what the server wrote, and gives what the server is to be sent. */
final class TlsClient {

    private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");
    private static final SSLContext SERVER =
            AUTHORITY.context(AUTHORITY.server("localhost").issue());
    private static final SSLContext TRUSTING = AUTHORITY.context(null);
    private static final SSLContext STRANGER =
            TestCertificates.authority("somebody else").context(null);

    private final SSLEngine engine;
    private ByteString unread = ByteString.emptyByteString();
    private ByteString toServer = ByteString.emptyByteString();
    private final StringBuilder said = new StringBuilder();

    private TlsClient(SSLContext context, String version) {
        engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
    }

    static TlsClient of(String version) {
        return new TlsClient(TRUSTING, version);
    }

    /** One who does not trust the server's authority. */
    static TlsClient distrusting() {
        return new TlsClient(STRANGER, "TLSv1.3");
    }

    /** The engine of a server that these clients can speak to. */
    static SSLEngine serverEngine() {
        SSLEngine server = SERVER.createSSLEngine();
        server.setUseClientMode(false);
        return server;
    }

    SSLEngine engine() {
        return engine;
    }

    /** What the server is to be sent now: parts of a handshake, and what was said. */
    ByteString take() {
        ByteString taken = toServer;
        toServer = ByteString.emptyByteString();
        return taken;
    }

    void beginHandshake() throws SSLException {
        engine.beginHandshake();
        goOn();
    }

    /** Says something, when the handshake is over. */
    void say(String text) throws SSLException {
        ByteBuffer bytes = ByteString.fromString(text).toByteBuffer();
        while (bytes.hasRemaining()) {
            wrap(bytes);
        }
    }

    /** Says that it says no more. */
    void sayEnd() throws SSLException {
        engine.closeOutbound();
        wrap(ByteBuffer.allocate(0));
    }

    /** Asks for other keys, by TLS 1.3, or for another handshake. */
    void askForOtherKeys() throws SSLException {
        engine.beginHandshake();
        wrap(ByteBuffer.allocate(0));
    }

    /** Gets what the server wrote. */
    void hear(ByteString written) throws SSLException {
        unread = unread.concat(written);
        goOn();
    }

    /** Says what went wrong, if it has failed. */
    void flush() throws SSLException {
        wrap(ByteBuffer.allocate(0));
    }

    private void goOn() throws SSLException {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.isOutboundDone() ? unwrap() : wrap(ByteBuffer.allocate(0));
                case NEED_TASK -> {
                    Engines.work(engine);
                    yield true;
                }
                default -> unwrap();
            };
        }
    }

    private boolean wrap(ByteBuffer bytes) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(bytes, record);
        toServer = toServer.concat(ByteString.fromByteBuffer(record.flip()));
        return true;
    }

    private boolean unwrap() throws SSLException {
        if (unread.isEmpty()) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(unread.toArray());
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(bytes, plain);
        unread = ByteString.fromByteBuffer(bytes);
        said.append(ByteString.fromByteBuffer(plain.flip()).utf8String());
        return result.getStatus() == SSLEngineResult.Status.OK && result.bytesConsumed() > 0;
    }

    boolean isAgreed() {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    /** What the server has said. */
    String heard() {
        return said.toString();
    }

    /** Whether the server has said that it says no more. */
    boolean hasHeardEnd() {
        return engine.isInboundDone();
    }

    /** Whether it got a part of a record. */
    boolean hasPartOfARecord() {
        return !unread.isEmpty();
    }
}
