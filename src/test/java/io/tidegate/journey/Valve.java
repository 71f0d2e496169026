package io.tidegate.journey;

import java.util.concurrent.locks.LockSupport;

/** Lets a client read: freely, at a rate, or not at all for a while. */
final class Valve {

    private static final long LOOK_INTERVAL_NANOS = 1_000_000;

    private volatile long nanosPerMebibyte;
    private boolean closed;
    private long readableAt = System.nanoTime();

    private Valve(long nanosPerMebibyte) {
        this.nanosPerMebibyte = nanosPerMebibyte;
    }

    static Valve open() {
        return new Valve(0);
    }

    static Valve atMebibytesPerSecond(int rate) {
        return new Valve(1_000_000_000L / rate);
    }

    static Valve atKibibytesPerSecond(int rate) {
        return new Valve(1024 * 1_000_000_000L / rate);
    }

    /** From the next read on nothing is read. */
    synchronized void close() {
        closed = true;
    }

    /** No rate any more. */
    void openWide() {
        nanosPerMebibyte = 0;
    }

    synchronized void reopen() {
        closed = false;
        notifyAll();
    }

    /** Called before each read: waits until the client may go on. */
    void pass() throws InterruptedException {
        synchronized (this) {
            while (closed) {
                wait();
            }
        }
        while (nanosPerMebibyte > 0 && System.nanoTime() < readableAt) {
            LockSupport.parkNanos(LOOK_INTERVAL_NANOS);
        }
    }

    /** Called after each read. */
    void passed(int bytes) {
        readableAt = Math.max(readableAt, System.nanoTime() - 1_000_000) + bytes * nanosPerMebibyte / (1 << 20);
    }
}
