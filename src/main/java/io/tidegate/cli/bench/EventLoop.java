package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One thread with a selector. The first failure ends it, and with it the run. */
final class EventLoop implements AutoCloseable {

    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(5);

    /** What the thread does. */
    interface Work {

        /** One turn, over and over: selects, and returns after a short time even if nothing happens. */
        void turn() throws IOException, BenchFailure;

        /** A connection can be read or written. */
        void ready(SelectionKey key) throws BenchFailure;
    }

    private final Selector selector;
    private final Work work;
    private final CompletableFuture<Void> broken;
    private final Thread thread;
    private volatile boolean ended;

    private EventLoop(String name, Selector selector, Work work, CompletableFuture<Void> broken) {
        this.selector = selector;
        this.work = work;
        this.broken = broken;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /**
     * Opens the selector; the thread has still to be started.
     *
     * @param broken is completed by the failure that ends the thread
     */
    static EventLoop open(String name, Work work, CompletableFuture<Void> broken) throws BenchFailure {
        try {
            return new EventLoop(name, Selector.open(), work, broken);
        } catch (IOException e) {
            throw new BenchFailure("cannot wait for connections: " + Target.reason(e));
        }
    }

    void start() {
        thread.start();
    }

    /** Makes the connection one of this loop's, which also closes it. */
    SelectionKey add(SocketChannel channel, Object attachment) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ, attachment);
    }

    /** Handles what is ready, and waits for it if need be. Loop's thread only. */
    void select(long millis) throws IOException {
        selector.select(this::ready, Math.max(1, millis));
    }

    /** Handles what is ready. Loop's thread only. */
    void selectNow() throws IOException {
        selector.selectNow(this::ready);
    }

    /** Ends a wait in {@link #select}. From any thread. */
    void wakeup() {
        selector.wakeup();
    }

    private void ready(SelectionKey key) {
        try {
            if (!ended) {
                work.ready(key);
            }
        } catch (BenchFailure e) {
            fail(e);
        }
    }

    private void run() {
        try {
            while (!ended) {
                work.turn();
            }
        } catch (IOException | BenchFailure | RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        ended = true;
        broken.completeExceptionally(failure);
    }

    /** Ends the thread; what it wrote can be read then. */
    void stop() {
        ended = true;
        selector.wakeup();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread and closes all connections. */
    @Override
    public void close() {
        stop();
        try (selector) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            // The run is over.
        }
    }
}
