package io.tidegate.connection;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The server's side of a handshake, done at once. */
final class TlsServerSteps {

    private final SSLEngine engine;
    private ByteString unread = ByteString.emptyByteString();

    TlsServerSteps(SSLEngine engine) {
        this.engine = engine;
    }

    /** Takes what a client sends, and gives what it is answered. */
    ByteString hear(ByteString came) throws SSLException {
        unread = unread.concat(came);
        ByteString answer = ByteString.emptyByteString();
        boolean goesOn = true;
        while (goesOn) {
            HandshakeStatus status = engine.getHandshakeStatus();
            goesOn = status != HandshakeStatus.NOT_HANDSHAKING;
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), record);
                answer = answer.concat(ByteString.fromByteBuffer(record.flip()));
            } else if (goesOn) {
                goesOn = !unread.isEmpty() && unwrap();
            }
        }
        return answer;
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer bytes = ByteBuffer.wrap(unread.toArray());
        int consumed = engine.unwrap(
                        bytes, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()))
                .bytesConsumed();
        unread = ByteString.fromByteBuffer(bytes);
        return consumed > 0;
    }

    boolean isAgreed() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }
}
