package io.tidegate.cli;

import java.io.IOException;
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
     */
    record Trouble(long number, String reason) {}

    private final long[] window;
    private int first;
    private int count;

    private long documents;
    private long durable;
    private long lastSeq;
    private @Nullable Trouble trouble;
    private @Nullable Trouble local;
    private @Nullable IOException unreadable;
    private boolean sentAll;
    private boolean lost;

    /** @param durable the last line or item that was loaded before */
    InFlight(int window, long durable) {
        this.window = new long[window];
        this.durable = durable;
    }

    synchronized boolean isFull() {
        return count == window.length;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    /** Waits until another document may be sent; false if there is trouble and none should be. */
    synchronized boolean awaitRoom() throws InterruptedException {
        while (trouble == null && isFull()) {
            wait();
        }
        return trouble == null;
    }

    synchronized void sent(long number) {
        window[(first + count) % window.length] = number;
        count++;
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
        long number = window[first];
        first = (first + 1) % window.length;
        count--;
        notifyAll();
        return number;
    }

    /** No answer will come any more. */
    synchronized void lost(String reason) {
        lost = true;
        trouble = trouble == null ? new Trouble(0, reason) : trouble;
        notifyAll();
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

    /**
     * Waits until all was sent and answered, or there is no sense in waiting: a pipe may be quiet for ever.
     *
     * @return null if all is durable
     * @throws IOException if the file could not be read
     */
    synchronized @Nullable Trouble awaitEnd() throws IOException, InterruptedException {
        while (!lost && (count > 0 || (!sentAll && trouble == null))) {
            wait();
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

    synchronized long lastSeq() {
        return lastSeq;
    }
}
