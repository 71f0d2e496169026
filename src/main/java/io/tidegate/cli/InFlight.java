package io.tidegate.cli;

import org.jspecify.annotations.Nullable;

/**
 * The lines that were sent and not answered yet, at most a window of them. The thread that sends waits here for room; the
 * one that reads answers makes it. Answers come in the order of the lines.
 */
final class InFlight {

    /**
     * Why not all is loaded.
     *
     * @param line the line that failed; 0 if the connection did
     */
    record Trouble(long line, String reason) {}

    private final long[] window;
    private int first;
    private int count;

    private long documents;
    private long durableLine;
    private long lastSeq;
    private @Nullable Trouble trouble;
    private boolean lost;

    /** @param durableLine the last line that was loaded before */
    InFlight(int window, long durableLine) {
        this.window = new long[window];
        this.durableLine = durableLine;
    }

    synchronized boolean isFull() {
        return count == window.length;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    /** Waits until another line may be sent; false if there is trouble and none should be. */
    synchronized boolean awaitRoom() throws InterruptedException {
        while (trouble == null && isFull()) {
            wait();
        }
        return trouble == null;
    }

    synchronized void sent(long line) {
        window[(first + count) % window.length] = line;
        count++;
    }

    synchronized void accepted(long seq) {
        long line = takeFirst();
        if (trouble == null) {
            documents++;
            durableLine = line;
            lastSeq = seq;
        }
    }

    synchronized void refused(String reason) {
        long line = takeFirst();
        trouble = trouble == null ? new Trouble(line, reason) : trouble;
    }

    private long takeFirst() {
        long line = window[first];
        first = (first + 1) % window.length;
        count--;
        notifyAll();
        return line;
    }

    /** No answer will come any more. */
    synchronized void lost(String reason) {
        lost = true;
        trouble = trouble == null ? new Trouble(0, reason) : trouble;
        notifyAll();
    }

    synchronized void awaitAnswers() throws InterruptedException {
        while (count > 0 && !lost) {
            wait();
        }
    }

    /** Null if every answer so far was an acceptance. */
    synchronized @Nullable Trouble trouble() {
        return trouble;
    }

    synchronized long documents() {
        return documents;
    }

    /** All lines up to this one are durable. */
    synchronized long durableLine() {
        return durableLine;
    }

    synchronized long lastSeq() {
        return lastSeq;
    }
}
