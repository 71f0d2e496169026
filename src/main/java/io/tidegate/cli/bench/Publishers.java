package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** All connections that publish, written and read by one thread. */
final class Publishers implements EventLoop.Work, AutoCloseable {

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A selector waits for whole milliseconds; shorter waits are slept, and answers are looked for this often. */
    private static final long SHORT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final RunClock clock;
    private final Latencies latencies;
    private final int documents;
    private final EventLoop loop;
    private final SharedBuffer buffer = new SharedBuffer();
    private final List<SelectionKey> all = new ArrayList<>();
    private int turn;

    private volatile Pace pace = Pace.NONE;
    private volatile Pace finished = Pace.NONE;

    // Written by the publishers' thread, read by any.
    private final AtomicLong published = new AtomicLong();
    private final Published counts;
    private final AtomicLong acknowledged = new AtomicLong();

    /**
     * Publishers that still have to be connected.
     *
     * @param documents how many the updates go to in turn
     * @param counts where updates are counted before they are sent
     */
    Publishers(RunClock clock, Latencies latencies, int documents, Published counts, CompletableFuture<Void> broken)
            throws BenchFailure {
        this.clock = clock;
        this.latencies = latencies;
        this.documents = documents;
        this.counts = counts;
        this.loop = EventLoop.open("publishers", this, broken);
    }

    /**
     * Connects one more. Before the start.
     *
     * @param pipeline how many updates it sends at once
     */
    void connect(Target target, Put line, int pipeline) throws BenchFailure {
        SocketChannel channel = target.connect();
        var publisher = new Publisher(all.size(), channel, line, pipeline);
        try {
            all.add(loop.add(channel, publisher));
        } catch (IOException e) {
            throw failure(publisher, Target.reason(e));
        }
    }

    void start() {
        loop.start();
    }

    /** Publishes at another pace from now on. */
    void begin(Pace pace) {
        this.pace = pace;
        loop.wakeup();
    }

    /** There may be room for more. */
    void wakeup() {
        loop.wakeup();
    }

    /** Whether all updates of the current pace were given to the sockets. */
    boolean areFinished() {
        return finished == pace;
    }

    long published() {
        return published.get();
    }

    /** Updates that the server has accepted. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Ends the thread. */
    void stop() {
        loop.stop();
    }

    @Override
    public void close() {
        loop.close();
    }

    // ---- the publishers' thread

    @Override
    public void turn() throws IOException, BenchFailure {
        Pace current = pace;
        long now = clock.nanos();
        boolean full = !publish(current, now);
        flush();
        if (current.isOver(published.getPlain(), now)) {
            finished = areFlushed() ? current : finished;
            loop.select(TimeUnit.NANOSECONDS.toMillis(QUIET_NANOS));
        } else {
            await(full ? QUIET_NANOS : Math.min(QUIET_NANOS, current.nanosToNext(published.getPlain(), now)));
        }
    }

    /**
     * Publishes what is allowed now, in turn.
     *
     * @return false if the sockets do not take all of it
     */
    private boolean publish(Pace current, long now) {
        long number = published.getPlain();
        long allowed = current.allowed(now);
        int full = 0;
        while (number < allowed && full < all.size()) {
            Publisher publisher = publisher(all.get(turn));
            turn = turn + 1 == all.size() ? 0 : turn + 1;
            if (publisher.hasRoom()) {
                long document = number % documents;
                publisher.put(document, counts.add(document, publisher.index()), current.intendedNanos(number, now));
                number++;
                full = 0;
            } else {
                full++;
            }
        }
        published.setRelease(number);
        return number >= allowed;
    }

    private void flush() throws BenchFailure {
        for (SelectionKey key : all) {
            if (!publisher(key).isFlushed()) {
                flush(key);
            }
        }
    }

    private static void flush(SelectionKey key) throws BenchFailure {
        try {
            publisher(key).flush(key);
        } catch (IOException e) {
            throw failure(publisher(key), Target.reason(e));
        }
    }

    private boolean areFlushed() {
        return all.stream().allMatch(key -> publisher(key).isFlushed());
    }

    private void await(long nanos) throws IOException {
        if (nanos >= SHORT_WAIT_NANOS) {
            loop.select(TimeUnit.NANOSECONDS.toMillis(nanos));
        } else {
            LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
            loop.selectNow();
        }
    }

    @Override
    public void ready(SelectionKey key) throws BenchFailure {
        Publisher publisher = publisher(key);
        try {
            if (key.isReadable()) {
                acknowledged.setRelease(acknowledged.getPlain() + publisher.receive(buffer, clock, latencies));
            }
            // What waits for the socket is sent in the next turn.
        } catch (IOException e) {
            throw failure(publisher, Target.reason(e));
        } catch (BenchFailure e) {
            throw failure(publisher, e.message());
        }
    }

    private static Publisher publisher(SelectionKey key) {
        return (Publisher) key.attachment();
    }

    private static BenchFailure failure(Publisher publisher, String reason) {
        return new BenchFailure("publisher " + (publisher.index() + 1) + ": " + reason);
    }
}
