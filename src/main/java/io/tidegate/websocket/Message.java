package io.tidegate.websocket;

import akka.util.ByteString;

/** What the message decoder found in a client's frames. The payloads are compact and nobody else's. */
public sealed interface Message {

    /** A complete message, its fragments put together. */
    sealed interface Data extends Message {

        ByteString payload();
    }

    /** A message of valid UTF-8. */
    record Text(ByteString payload) implements Data {}

    /** A message of any bytes; found only by a decoder that accepts it. */
    record Binary(ByteString payload) implements Data {}

    /** What concerns the connection; it may stand between the fragments of a data message, and is found before that. */
    sealed interface Control extends Message, Input {}

    /**
     * To be answered by a pong with the same payload.
     *
     * @param payload at most 125 bytes
     */
    record Ping(ByteString payload) implements Control {}

    /**
     * The answer to a ping, or unasked for as a sign of life.
     *
     * @param payload at most 125 bytes
     */
    record Pong(ByteString payload) implements Control {}

    /**
     * The client will send nothing more. To be answered by {@link Frames#close(Close)}, unless the server's own close
     * frame was sent before. The decoder discards all that follows.
     *
     * @param code as the client sent it, or {@link #NO_CODE}
     * @param reason for people; may be empty
     */
    record Close(int code, String reason) implements Control {

        /** The close frame carries no code. */
        public static final int NO_CODE = 1005;
    }

    /**
     * The client broke the rules. To be told so by {@link Frames#close(CloseCode, String)}; the decoder discards all
     * that follows.
     *
     * @param reason for the client: one line of what to do
     */
    record Violation(CloseCode code, String reason) implements Control {}
}
