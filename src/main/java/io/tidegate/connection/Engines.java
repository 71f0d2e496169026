package io.tidegate.connection;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** What is done with an engine of TLS during its handshake and after it. */
final class Engines {

    private Engines() {}

    /** Runs what takes its time, all that there is. */
    static void work(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /**
     * Seals the last word: close_notify, or the alert that tells what was wrong with what the client sent.
     *
     * @param into has room for a record
     */
    static void end(SSLEngine engine, ByteBuffer into) throws SSLException {
        engine.closeOutbound();
        SSLEngineResult result = engine.wrap(RecordBuffers.NOTHING.duplicate(), into);
        while (result.bytesProduced() > 0 && !engine.isOutboundDone()) {
            result = engine.wrap(RecordBuffers.NOTHING.duplicate(), into);
        }
    }
}
