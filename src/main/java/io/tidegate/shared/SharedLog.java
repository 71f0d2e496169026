package io.tidegate.shared;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of bytes that several nodes share: one partition of Kafka, one stream of JetStream. It knows nothing of documents.
 *
 * <pre>
 *  a node ─► append ─► ┌───┬───┬───┬───┬───┐ ─► poll ─► every node
 *  another ─► append ─►│ 0 │ 1 │ 3 │ 4 │ 7 │ ─► poll ─► every node
 *                      └───┴───┴───┴───┴───┘ offsets grow, and may have holes
 * </pre>
 *
 * <p>It promises little: what is appended may be lost, doubled, or come late, and it may be unknown which. It promises that all nodes
 * read the same entries in the same order, and that none of them is ever taken back; where the log breaks that promise, reading fails.
 *
 * <p>{@link #append}, {@link #mention} and {@link #renew} are called by one thread at a time, {@link #seek} and {@link #poll} by one other, the other
 * methods by any.
 */
public interface SharedLog extends AutoCloseable {

    /**
     * Where reading goes on.
     *
     * @param next offset of the next entry, or less
     * @param term of the entry before it, by which it is noticed that what had been read was lost; -1 if that is not known, or
     *     there is none before it
     */
    record Place(long next, int term) {

        /** The beginning of every log. */
        public static final Place START = new Place(0, -1);
    }

    /**
     * What was appended.
     *
     * @param offset greater than that of the entry before
     * @param term what tells it from another entry at the same offset of a log that was cut back: a number that grows whenever
     *     somebody else decides about the order, or, where the log knows no such thing, a hash of the entry; 0 or more
     * @param atMillis when the log took it, in milliseconds since the epoch by the log's clock
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Entry(long offset, int term, long atMillis, byte[] bytes) {

        /** Where reading goes on behind it. */
        public Place after() {
            return new Place(offset + 1, term);
        }
    }

    /** Names the log itself, and never another one: not that of the same name which is made when this one was deleted. */
    String identity();

    /** Most bytes of an entry. */
    int maxEntryBytes();

    /** By what that is limited, for an operator: the name of a setting, here or of the log's own servers. */
    String entryLimit();

    /**
     * Hands bytes over to be appended; they are when they are read. May block for a few seconds.
     *
     * <p>What one node appends comes in this order, whatever of it is lost or doubled, until {@link #failure} tells of something.
     *
     * @throws SharedLogException if they were certainly not appended, and never will be
     */
    void append(byte[] bytes) throws SharedLogException;

    /**
     * Hands bytes over that nobody misses: they may come anywhere, or not at all, and {@link #failure} tells nothing of them.
     *
     * @throws SharedLogException if they were certainly not appended
     */
    default void mention(byte[] bytes) throws SharedLogException {
        append(bytes);
    }

    /** Why something that was handed over may be lost; null while nothing has been since {@link #renew}. Does not block. */
    @Nullable
    String failure();

    /** Gives up on what was handed over and is not appended yet, as far as that can be done, and begins anew. May block for a few seconds. */
    void renew() throws SharedLogException;

    /** Goes on reading there. May block for a few seconds. */
    void seek(Place place) throws SharedLogException;

    /**
     * What comes next in this log, and in no other that has its name by now, in order; blocks for as long as there is nothing.
     *
     * @param patience it blocks no longer than about this
     * @return may be empty; a few MiB at most
     * @throws SharedLogException with the reason why it cannot be read now, or any more
     */
    List<Entry> poll(Duration patience) throws SharedLogException;

    /**
     * How far the log goes now: one more than the offset of the last entry that can be read; where it begins if there is none. Fails
     * if the log does not answer within a few seconds.
     */
    CompletionStage<Long> end();

    /** Offset at which the log begins now: what was before it is gone. Fails as {@link #end} does. */
    CompletionStage<Long> start();

    /**
     * Offset of the first entry that the log took at that time or later, by the log's clock; {@link #end} if there is none. Fails as that
     * does.
     */
    CompletionStage<Long> offsetAt(long millis);

    /** Drops entries before an offset, for all nodes. Fails as {@link #end} does. */
    CompletionStage<Void> trim(long before);

    /** Gives up on all that is under way. Takes a few seconds at most. */
    @Override
    void close();
}
