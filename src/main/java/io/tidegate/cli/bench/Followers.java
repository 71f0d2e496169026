package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All connections that follow, read by one thread. */
final class Followers implements EventLoop.Work, AutoCloseable {

    private static final int QUIET_MILLIS = 100;

    private final RunClock clock;
    private final EventLoop loop;
    private final SharedBuffer buffer = new SharedBuffer();
    private final List<Follower> all = new ArrayList<>();
    private int readers;
    private final Laggards laggards;
    private final Progress progress;
    private final Runnable onProgress;

    // Written by the followers' thread, read by any.
    private final AtomicInteger subscribed = new AtomicInteger();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong passedByReaders = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Followers that still have to be connected.
     *
     * @param progress of those that read all the time
     * @param onProgress runs on the followers' thread after each step
     */
    Followers(RunClock clock, Laggards laggards, Progress progress, Runnable onProgress, CompletableFuture<Void> broken)
            throws BenchFailure {
        this.clock = clock;
        this.laggards = laggards;
        this.progress = progress;
        this.onProgress = onProgress;
        this.loop = EventLoop.open("followers", this, broken);
    }

    /** Connects one more, which asks for its updates; a laggard may be told to stop reading. Before the start. */
    void connect(Target target, Transport transport, Follower follower) throws BenchFailure {
        SocketChannel channel = target.connect();
        all.add(follower);
        try {
            SelectionKey key = loop.add(channel, follower);
            send(channel, transport.request());
            if (follower.isLaggard()) {
                laggards.add(key);
            } else {
                readers++;
            }
        } catch (IOException e) {
            throw failure(follower, Target.reason(e));
        }
    }

    /** What a follower has to say is so short, and so seldom, that its socket takes it at once. */
    private static void send(SocketChannel channel, byte[] bytes) throws IOException {
        if (bytes.length > 0 && channel.write(ByteBuffer.wrap(bytes)) < bytes.length) {
            throw new IOException("the socket took only a part of a short request");
        }
    }

    void start() {
        loop.start();
    }

    // ---- the followers' thread

    @Override
    public void turn() throws IOException {
        loop.select(QUIET_MILLIS);
        laggards.turn(clock);
        laggards.look((double) passedByReaders.getPlain() / readers, clock);
    }

    @Override
    public void ready(SelectionKey key) throws BenchFailure {
        Follower follower = (Follower) key.attachment();
        try {
            SocketChannel channel = (SocketChannel) key.channel();
            int count = buffer.read(channel, follower.leftover());
            if (count < 0) {
                throw new BenchFailure("the server closed the connection");
            }
            send(channel, take(follower, count));
        } catch (IOException e) {
            throw failure(follower, Target.reason(e));
        } catch (BenchFailure e) {
            throw failure(follower, e.message());
        }
    }

    private byte[] take(Follower follower, int count) throws BenchFailure {
        boolean wasSubscribed = follower.isSubscribed();
        long before = follower.order().passed();
        byte[] answer = follower.take(buffer, clock.nanos());
        long after = follower.order().passed();
        bytes.setRelease(bytes.getPlain() + count);
        passed.setRelease(passed.getPlain() + after - before);
        if (!follower.isLaggard()) {
            passedByReaders.setRelease(passedByReaders.getPlain() + after - before);
            if (progress.advance(before, after)) {
                onProgress.run();
            }
        }
        if (follower.isSubscribed() && !wasSubscribed) {
            subscribed.incrementAndGet();
        }
        return answer;
    }

    private BenchFailure failure(Follower follower, String reason) {
        return new BenchFailure("follower " + (all.indexOf(follower) + 1) + ": " + reason);
    }

    // ---- any thread

    int subscribed() {
        return subscribed.get();
    }

    /** Updates that came, or were left out, at all followers together. */
    long passed() {
        return passed.get();
    }

    /** The same at those that read all the time. */
    long passedByReaders() {
        return passedByReaders.get();
    }

    /** Bytes that all followers received. */
    long bytes() {
        return bytes.get();
    }

    /** Ends the thread. */
    void stop() {
        loop.stop();
    }

    /** What all followers found, after the end of the thread. */
    Verdict verdict() {
        Verdict verdict = Verdict.CLEAN;
        for (Follower follower : all) {
            follower.order().end();
            verdict = verdict.plus(follower);
        }
        return verdict;
    }

    @Override
    public void close() {
        loop.close();
    }
}
