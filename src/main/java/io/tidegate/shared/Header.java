package io.tidegate.shared;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What every record begins with, by which all nodes decide alike whether it counts.
 *
 * <pre>
 *  magic (2) │ version (1) │ checksum of what follows (4) │ kind (1) │ feed (8) │ life (16) │ number in it (8) │ body
 * </pre>
 *
 * <p>By the magic a record is told from what other programs write. By the checksum the node that has proposed a record, and takes its
 * changes from its own memory, knows that all others read the same.
 *
 * @param feed of which feed it is; one of another feed is passed over: its node had the log that was there before
 * @param number 1, 2, 3 … in its life; 0 of a record that is outside of it
 */
record Header(Kind kind, long feed, Life life, long number) {

    /** The form of records, and the rule by which they count: nodes that do not know both alike would come to different ends. */
    static final byte VERSION = 1;

    /** No text begins so: that octet is in no UTF-8. */
    private static final short MAGIC = (short) 0xf954;

    private static final int VERSION_AT = 2;
    private static final int CHECKSUM_AT = VERSION_AT + 1;
    private static final int CHECKED_FROM = CHECKSUM_AT + 4;

    static final int BYTES = CHECKED_FROM + 1 + 8 + Life.BYTES + 8;

    /** What a record is about. */
    enum Kind {
        /** Changes, each with its precondition. */
        GROUP(0),
        /** Former lives are over: what of them comes behind this does not count. */
        FENCE(1),
        /** A node tells of itself. It is outside of all lives: there is no number, and it counts whenever it comes. */
        NODE(2),
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
            throw UnknownRecordException.newer("its kind is " + code + ", which this node does not know");
        }
    }

    /** A record that cannot be read here: what is the matter with it, and what to do. */
    static final class UnknownRecordException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnknownRecordException(String message) {
            super(message);
        }

        /** Nodes of a newer version understand it. */
        static UnknownRecordException newer(String why) {
            return new UnknownRecordException(why + ": upgrade this node");
        }

        /** It is not what a node has written: no node may go on, since who wrote it may have understood it. */
        static UnknownRecordException damaged() {
            return new UnknownRecordException(
                    "it is damaged: restart this node, and if that does not help, the log itself is damaged, for all nodes");
        }
    }

    /** A record with this before its body. */
    byte[] with(byte[] body) {
        ByteBuffer record = ByteBuffer.allocate(BYTES + body.length);
        record.putShort(MAGIC).put(VERSION).position(CHECKED_FROM);
        record.put(kind.code).putLong(feed).put(life.bytes()).putLong(number).put(body);
        return record.putInt(CHECKSUM_AT, checksum(record)).array();
    }

    private static int checksum(ByteBuffer record) {
        var checksum = new CRC32C();
        checksum.update(record.slice(CHECKED_FROM, record.limit() - CHECKED_FROM));
        return (int) checksum.getValue();
    }

    /** Whether an entry of the log is a record at all, of whatever version. */
    static boolean isRecord(byte[] entry) {
        return entry.length >= 2 && ByteBuffer.wrap(entry).getShort() == MAGIC;
    }

    /**
     * Leaves the position at the body.
     *
     * @param from a record as a whole
     */
    static Header read(ByteBuffer from) throws UnknownRecordException {
        byte version = from.limit() > VERSION_AT ? from.get(VERSION_AT) : VERSION;
        if (version != VERSION) {
            throw UnknownRecordException.newer(
                    "its version is " + version + ", and this node knows version " + VERSION);
        }
        if (from.limit() < BYTES || from.getInt(CHECKSUM_AT) != checksum(from)) {
            throw UnknownRecordException.damaged();
        }
        from.position(CHECKED_FROM);
        Kind kind = Kind.of(from.get());
        long feed = from.getLong();
        return new Header(kind, feed, Life.read(from), from.getLong());
    }
}
