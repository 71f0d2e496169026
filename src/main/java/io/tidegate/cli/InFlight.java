package io.tidegate.cli;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents that were sent and not answered yet, at most a window of them. The thread that sends waits here for room; the
 * one that reads answers makes it; a third one waits for the end. Answers come in the order of the documents.
 */
final class InFlight {

    /**
     * Why not all is loaded.
     *
     * @param number of the line or item that failed; 0 if the connection did
     * @param mayPass whether it may go on over another connection
     */
    record Trouble(long number, String reason, boolean mayPass) {

        /** Of a document. */
        Trouble(long number, String reason) {
            this(number, reason, false);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Sent once more, never compared.
    private record Sent(long number, byte[] request) {}

    /** What is kept to be sent once more has no more bytes, or is one document. */
    private static final long MOST_BYTES = 8 << 20;

    private final int window;
    private final ArrayDeque<Sent> unanswered = new ArrayDeque<>();
    private long bytes;

    private long documents;
    private long durable;
    private long lastSeq;
    private @Nullable Trouble trouble;
    private @Nullable Trouble local;
    private @Nullable IOException unreadable;
    private @Nullable Throwable failure;
    private boolean sentAll;
    private boolean lost;
    private boolean over;

    /** @param durable the last line or item that was loaded before */
    InFlight(int window, long durable) {
        this.window = window;
        this.durable = durable;
    }

    synchronized boolean isFull() {
        return unanswered.size() == window || bytes >= MOST_BYTES;
    }

    synchronized boolean isEmpty() {
        return unanswered.isEmpty();
    }

    /** Waits until another document may be sent, over this connection or the next; false if none should be. */
    synchronized boolean awaitRoom() throws InterruptedException {
        while (!over && (lost || (trouble == null && isFull()))) {
            wait();
        }
        return !over && trouble == null;
    }

    /** @param request kept until it is answered */
    synchronized void sent(long number, byte[] request) {
        unanswered.add(new Sent(number, request));
        bytes += request.length;
    }

    synchronized void accepted(long seq) {
        long number = takeFirst();
        if (trouble == null) {
            documents++;
            durable = number;
            lastSeq = seq;
        }
    }

    synchronized void refused(String reason) {
        long number = takeFirst();
        trouble = trouble == null ? new Trouble(number, reason) : trouble;
    }

    private long takeFirst() {
        Sent first = unanswered.remove();
        bytes -= first.request().length;
        notifyAll();
        return first.number();
    }

    /**
     * No answer will come over this connection any more.
     *
     * @param mayPass whether there is sense in another one
     */
    synchronized void lost(String reason, boolean mayPass) {
        lost = true;
        if (trouble == null && !(sentAll && unanswered.isEmpty())) {
            trouble = new Trouble(0, reason, mayPass);
        }
        notifyAll();
    }

    /** There is another connection. Returns what has to be sent once more over it, in its order. */
    synchronized List<byte[]> again() {
        lost = false;
        trouble = null;
        notifyAll();
        return unanswered.stream().map(Sent::request).toList();
    }

    /** Nothing more will be sent: that was all. */
    synchronized void sentAll() {
        sentAll = true;
        notifyAll();
    }

    /** Nothing more will be sent: this document cannot be. What the server says of one before it goes first. */
    synchronized void sentAllBefore(Trouble local) {
        sentAll = true;
        this.local = local;
        notifyAll();
    }

    /** Nothing more will be sent: the file failed. */
    synchronized void unreadable(IOException failure) {
        sentAll = true;
        unreadable = failure;
        notifyAll();
    }

    /** A thread that sends or reads is no more: nobody would come to the end. */
    synchronized void failed(Throwable failure) {
        this.failure = failure;
        notifyAll();
    }

    /** Whoever waits for room does so in vain. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /**
     * Waits until all was sent and answered, or there is no sense in waiting: a pipe may be quiet for ever.
     *
     * @return null if all is durable
     * @throws IOException if the file could not be read
     * @throws RuntimeException or an error, which ended a thread that sends or reads
     */
    synchronized @Nullable Trouble awaitEnd() throws IOException, InterruptedException {
        while (failure == null && !lost && (!unanswered.isEmpty() || (!sentAll && trouble == null))) {
            wait();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (trouble == null && unreadable != null) {
            throw unreadable;
        }
        return trouble == null ? local : trouble;
    }

    synchronized long documents() {
        return documents;
    }

    /** All lines or items up to this one are durable. */
    synchronized long durable() {
        return durable;
    }

    /** Where the last of them is, as the end of what the user is told; nothing if there was none. */
    synchronized String position() {
        return documents == 0 ? "" : ", position seq " + lastSeq;
    }
}
