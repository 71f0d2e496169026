package io.tidegate.wire;

/** What the line decoder found in a client's bytes. */
public sealed interface Line {

    /**
     * A complete line; the array belongs to somebody else and must not change or be kept.
     *
     * @param from offset of its first byte
     * @param to offset after its last byte; the line's end is not part of it
     */
    record Text(byte[] bytes, int from, int to) implements Line {

        /**
         * Reads it as a request.
         *
         * @throws RequestException with the answer for the client
         */
        public Request request() throws RequestException {
            return RequestParser.parse(bytes, from, to);
        }

        public int length() {
            return to - from;
        }
    }

    /** A line that was longer than the limit and was skipped. */
    record TooLong(int maxBytes) implements Line {}

    /** The input ended in the middle of a line: it may be cut anywhere, so it is not a request. */
    record Incomplete() implements Line {}
}
