package io.tidegate.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the line decoder found in a client's bytes. */
public sealed interface Line {

    /** A complete line: bytes of an array that belongs to the decoder, to be read at once and not to be kept. */
    final class Text implements Line {

        private final byte[] bytes;
        private final int from;
        private final int to;

        /**
         * The bytes between two offsets, the line's end excluded.
         *
         * @param to offset after the last byte
         */
        Text(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        /**
         * Reads it as a request.
         *
         * @param maxSelectionBytes how long the selectors of a request may be, with the spaces between them
         * @throws RequestException with the answer for the client
         */
        public Request request(int maxSelectionBytes) throws RequestException {
            return RequestParser.parse(bytes, from, to, maxSelectionBytes);
        }

        /**
         * Reads it as a change that is written as a JSON object.
         *
         * @return null if it is an event of a server that changes nothing
         * @throws RequestException with the answer for the client
         */
        public Request.@Nullable Publish change() throws RequestException {
            return ChangeParser.parse(bytes, from, to);
        }

        @Override
        public Addressee addressee() {
            return Addressee.of(bytes, from, to);
        }

        /** Whether there is nothing on it. */
        public boolean isBlank() {
            for (int i = from; i < to; i++) {
                if (bytes[i] != ' ' && bytes[i] != '\t') {
                    return false;
                }
            }
            return true;
        }

        /** A token is not shown. */
        @Override
        public String toString() {
            String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            return line.stripLeading().startsWith("auth") ? "auth …" : line;
        }
    }

    /** A line that was longer than the limit and was skipped. */
    record TooLong(int maxBytes, Addressee addressee) implements Line {
        /** The line of a client that is known to speak this protocol. */
        public TooLong(int maxBytes) {
            this(maxBytes, Addressee.US);
        }
    }

    /** The input ended in the middle of a line: it may be cut anywhere, so it is not a request. */
    record Incomplete() implements Line {
        @Override
        public Addressee addressee() {
            return Addressee.UNCLEAR;
        }
    }

    /** Which protocol's server it seems to be meant for. */
    Addressee addressee();
}
