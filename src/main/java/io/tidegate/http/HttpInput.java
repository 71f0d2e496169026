package io.tidegate.http;

import akka.util.ByteString;

/** What comes from an HTTP client. */
sealed interface HttpInput {

    /**
     * The head of a request; its body follows up to {@link End}.
     *
     * @param request without its body
     * @param length of the body in bytes; -1 if only its end tells
     */
    record Head(HttpRequest request, long length) implements HttpInput {}

    /** A piece of a body. */
    record Piece(ByteString bytes) implements HttpInput {}

    /** The end of a body, also of one without a byte. */
    record End() implements HttpInput {}

    /** What is no request, or no body; nothing comes after it that could be read. */
    record Malformed(Problem problem) implements HttpInput {}
}
