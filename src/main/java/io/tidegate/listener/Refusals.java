package io.tidegate.listener;

import akka.NotUsed;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.connection.PlainStage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns connections away that are too many: a word of the protocol, FIN, and a short wait for the client's FIN.
 *
 * <p>Where the word depends on what the client asks for, that is read first if it comes soon. The wait discards what the client
 * has sent; to close with input unread would turn the FIN into a reset and could take the word with it. So that the refused
 * cannot exhaust what the cap protects, only some are waited for, and not for long; who comes when too many are waited for is
 * reset.
 */
final class Refusals {

    /** Refused connections that are waited for at once; the reserve of descriptors has room for them, also where it is small. */
    private static final int MOST_LINGERING = Descriptors.share(128);

    /** A client that does not close its side within this is reset. */
    static final Duration LINGER_TIMEOUT = Duration.ofSeconds(1);

    /** How long a client may take to say what it asks for, where the word depends on it; part of the former. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    /** The failure with which the stream resets its socket. */
    private static final class Reset extends RuntimeException {
        private static final long serialVersionUID = 1;

        Reset() {
            super("too many refused connections", null, false, false);
        }
    }

    private final Materializer materializer;
    private final AtomicInteger lingering = new AtomicInteger();

    /** Refusals of one listener. */
    Refusals(Materializer materializer) {
        this.materializer = materializer;
    }

    /**
     * Refuses a connection that is not materialised yet. From the accept stream only.
     *
     * @param word what the client is told, as its protocol says it
     */
    void refuse(Flow<ByteString, ByteString, NotUsed> tcp, RefusalStage.Word word) {
        if (lingering.get() >= MOST_LINGERING) {
            tcp.runWith(Source.failed(new Reset()), Sink.cancelled(), materializer);
            return;
        }
        lingering.incrementAndGet();
        PlainStage.of(tcp.completionTimeout(LINGER_TIMEOUT)
                        .watchTermination((unused, ended) -> ended)
                        .join(Flow.fromGraph(new RefusalStage(word, PATIENCE)))
                        .run(materializer))
                .whenComplete((done, failure) -> lingering.decrementAndGet());
    }
}
