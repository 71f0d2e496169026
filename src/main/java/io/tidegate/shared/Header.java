package io.tidegate.shared;

import java.nio.ByteBuffer;

/**
 * What every record begins with, by which all nodes decide alike whether it counts.
 *
 * <pre>
 *  version (1) │ kind (1) │ feed (8) │ life (16) │ number in it (8) │ body
 * </pre>
 *
 * @param feed of which feed it is; that of another one comes from a log that was made anew in its place
 * @param number 1, 2, 3 … in its life
 */
record Header(Kind kind, long feed, Life life, long number) {

    /** The form of records, and the rule by which they count: nodes that do not know both alike would come to different ends. */
    static final byte VERSION = 1;

    static final int BYTES = 2 + 8 + Life.BYTES + 8;

    /** What a record is about. */
    enum Kind {
        /** Changes, each with its precondition. */
        GROUP(0),
        /** Former lives are over: what of them comes behind this does not count. */
        FENCE(1),
        /** Numbers are of another epoch from here on, since entries were lost that had been read. Of no life. */
        EPOCH(3),
        /** The feed had a store of its own before this, if nothing comes before it: who does not have that cannot go on. Of no life. */
        ORIGIN(4),
        /** The feed has a store of its own from here on: what comes behind this is of no feed. Of no life. */
        MOVED(5);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) throws UnknownRecordException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new UnknownRecordException("it is of kind " + code + ", which this node does not know");
        }
    }

    /** What cannot be read here was written by a newer version, or is not ours at all. */
    static final class UnknownRecordException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownRecordException(String message) {
            super(message);
        }
    }

    void write(ByteBuffer to) {
        to.put(VERSION).put(kind.code).putLong(feed);
        to.put(life.bytes()).putLong(number);
    }

    /** Leaves the position at the body. */
    static Header read(ByteBuffer from) throws UnknownRecordException {
        if (from.remaining() < BYTES) {
            throw new UnknownRecordException("it has only " + from.remaining() + " bytes");
        }
        byte version = from.get();
        if (version != VERSION) {
            throw new UnknownRecordException("its version is " + version + ", and this node knows version " + VERSION);
        }
        Kind kind = Kind.of(from.get());
        long feed = from.getLong();
        return new Header(kind, feed, Life.read(from), from.getLong());
    }
}
