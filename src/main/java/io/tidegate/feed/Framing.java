package io.tidegate.feed;

import akka.util.ByteString;

/**
 * The form in which a transport sends event lines. Implemented by the transports; thread-safe.
 *
 * <p>An object stands for one form: what was put into it for one follower is there for all who ask with the same object.
 */
public interface Framing {

    /** The lines as they are. */
    Framing LINES = new Framing() {
        @Override
        public ByteString frame(ByteString lines) {
            return lines;
        }

        @Override
        public ByteString linesIn(ByteString sent) {
            return sent;
        }
    };

    /**
     * Puts whole lines into the form.
     *
     * @return in one array
     */
    ByteString frame(ByteString lines);

    /**
     * The lines that a client has who was sent the beginning of a framed form.
     *
     * @param sent cut off anywhere
     * @return whole lines, and perhaps the beginning of one more
     */
    ByteString linesIn(ByteString sent);
}
