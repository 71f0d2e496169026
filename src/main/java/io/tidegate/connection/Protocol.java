package io.tidegate.connection;

import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.tidegate.feed.EventLines;

/** What is spoken on the connections of a listener. */
public interface Protocol {

    /**
     * What runs on one connection above its guard.
     *
     * <p>When its output is asked for more, every byte of before is with the kernel; so it is passed on without a buffer.
     *
     * @param socket writes to the connection's socket, past the stream
     */
    Flow<ByteString, EventLines, Dialogue> open(SocketWriter socket);

    /**
     * What a client is sent that is too many, before its end.
     *
     * @param message one line that says what to do
     */
    ByteString refusal(String message);

    /** What a client is sent, before its end, that comes too late to be served. */
    default ByteString farewell() {
        return ByteString.emptyByteString();
    }
}
