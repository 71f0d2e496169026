package io.tidegate.connection;

import akka.util.ByteString;
import org.jspecify.annotations.Nullable;

/** What is spoken on the connections of a listener. */
public interface Protocol extends Opening {

    /**
     * What a client is sent that is too many, before its end.
     *
     * @param message one line that says what to do
     */
    ByteString refusal(String message);

    /**
     * The same, for a protocol that has to know what the client asks for.
     *
     * @param said what came from the client so far
     * @param isAll it is not waited for any longer
     * @return null if more has to come
     */
    default @Nullable ByteString refusal(String message, ByteString said, boolean isAll) {
        return refusal(message);
    }

    /**
     * What a client is sent, before its end, that speaks something else.
     *
     * @param message one line that says what to do
     */
    ByteString mistaken(String message);

    /** What a client is sent, before its end, that comes too late to be served. */
    default ByteString farewell() {
        return ByteString.emptyByteString();
    }

    /**
     * The same, for a protocol that has to know what the client asks for.
     *
     * @param said what came from the client so far; it is not waited for
     */
    default ByteString farewell(ByteString said) {
        return farewell();
    }
}
