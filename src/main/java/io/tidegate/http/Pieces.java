package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.feed.FeedLogException;
import org.jspecify.annotations.Nullable;

/** The body of a response in pieces, each asked for when the client has taken the one before. Not thread-safe but for its calls. */
interface Pieces {

    /** From now on it is told when a piece may have come; from any thread. Called once, before anything else. */
    void open(Runnable whenMore);

    /**
     * The next piece; null if there is none now.
     *
     * @throws FeedLogException if the rest cannot be read
     * @throws Problem.Refusal if it may not be read any more
     */
    @Nullable
    ByteString poll() throws FeedLogException, Problem.Refusal;

    /** Whether no piece will come any more. */
    boolean isAtEnd();

    /** Releases what it holds; it may not have been opened. */
    void close();
}
