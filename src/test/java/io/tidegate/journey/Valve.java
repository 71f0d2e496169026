package io.tidegate.journey;

import java.util.concurrent.locks.LockSupport;

/** Lets a client read: freely, at a rate, or not at all for a while. */
final class Valve {

    private final long nanosPerMebibyte;
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

    /** From the next read on nothing is read. */
    synchronized void close() {
        closed = true;
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
        for (long wait = readableAt - System.nanoTime(); wait > 0; wait = readableAt - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    /** Called after each read. */
    void passed(int bytes) {
        readableAt = Math.max(readableAt, System.nanoTime() - 1_000_000) + bytes * nanosPerMebibyte / (1 << 20);
    }
}
