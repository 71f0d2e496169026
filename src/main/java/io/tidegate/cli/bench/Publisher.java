package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection that puts values, many before the first is answered. Used by the publishers' thread. */
final class Publisher {

    private static final int SEND_BYTES = 64 << 10;

    private final int index;
    private final SocketChannel channel;
    private final Put line;
    private final SharedBuffer.Leftover leftover = new SharedBuffer.Leftover();
    private final Unanswered unanswered = new Unanswered();

    private final byte[] bytes;
    private final ByteBuffer source;
    private int end;

    /** Most updates that are sent before the first of them is answered. */
    private final int pipeline;

    /** Sent since the last time when all were answered. */
    private int pipelined;

    private long lastSeq;

    /**
     * A publisher that has nothing to send yet.
     *
     * @param index which of the publishers it is, from 0 on
     * @param pipeline how many updates it sends at once; then it waits until all of them are answered
     */
    Publisher(int index, SocketChannel channel, Put line, int pipeline) {
        this.pipeline = pipeline;
        this.index = index;
        this.channel = channel;
        this.line = line;
        this.bytes = new byte[Math.max(SEND_BYTES, line.length())];
        this.source = ByteBuffer.wrap(bytes).limit(0);
    }

    int index() {
        return index;
    }

    /** False while the socket has not taken everything, when one more would only wait here, and while answers are waited for. */
    boolean hasRoom() {
        return pipelined < pipeline && !source.hasRemaining() && bytes.length - end >= line.length();
    }

    /**
     * Writes one more put, which {@link #flush} sends.
     *
     * @param number which of this publisher's updates to the document's selection it is, from 0 on
     */
    void put(long document, long number, long intendedNanos) {
        line.write(bytes, end, document, index, number, intendedNanos);
        end += line.length();
        unanswered.add(intendedNanos);
        pipelined++;
    }

    boolean isFlushed() {
        return end == 0;
    }

    /** Gives the socket what it takes; the rest when it is writable again. */
    void flush(SelectionKey key) throws IOException {
        channel.write(source.limit(end));
        boolean all = !source.hasRemaining();
        if (all) {
            end = 0;
            source.clear().limit(0);
        }
        key.interestOps(all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    /**
     * Reads answers.
     *
     * @return how many
     */
    int receive(SharedBuffer buffer, RunClock clock, Latencies latencies) throws IOException, BenchFailure {
        if (buffer.read(channel, leftover) < 0) {
            throw new BenchFailure("the server closed the connection");
        }
        long now = clock.nanos();
        int answers = 0;
        int start = buffer.from();
        int to = buffer.to();
        for (int end = line.answerEnd(buffer.bytes(), start, to);
                end >= 0;
                end = line.answerEnd(buffer.bytes(), start, to)) {
            latencies.record(answered(buffer.bytes(), start, end), now);
            start = end;
            answers++;
        }
        buffer.keep(start, leftover);
        if (unanswered.isEmpty()) {
            pipelined = 0;
        }
        return answers;
    }

    /** Checks one answer and returns when its put was to be sent. */
    private long answered(byte[] bytes, int from, int to) throws BenchFailure {
        long seq = line.seq(bytes, from, to);
        if (unanswered.isEmpty()) {
            throw new BenchFailure("an answer came without a request");
        }
        if (seq <= lastSeq) {
            throw new BenchFailure("the update with number " + seq + " was accepted after that with " + lastSeq);
        }
        lastSeq = seq;
        return unanswered.takeFirst();
    }
}
