package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;
import io.tidegate.shared.SharedLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on one connection, by one consumer, without a gap; until it is over, and somebody has to look what became of the
 * stream. Of one thread.
 *
 * <p>It asks for a few entries ahead, and for the next ones when it has got them: so what waits here is limited.
 */
final class Cursor {

    /** Of entries that were asked for; one at least. */
    private static final int AHEAD_BYTES = 16 << 20;

    private static final int MOST_AHEAD = 256;

    /** Of entries that are given out at once; one at least. */
    private static final int POLL_BYTES = 4 << 20;

    private static final int LARGEST_HASH = Integer.MAX_VALUE;

    private final Connection connection;
    private final Subscription inbox;
    private final String next;
    private final Duration requestLife;
    private final long patienceNanos;
    private final int ahead;

    /** Entries that were asked for and did not come yet. */
    private int asked;

    private long askedNanos;

    /** How many there were. */
    private long read;

    private boolean isOver;

    Cursor(Connection connection, String consumer, JetStreamSettings settings) {
        this.connection = connection;
        this.next = "$JS.API.CONSUMER.MSG.NEXT." + settings.stream() + "." + consumer;
        this.requestLife = settings.checkInterval();
        this.patienceNanos = requestLife.plus(settings.requestTimeout()).toNanos();
        this.ahead = Math.max(1, Math.min(MOST_AHEAD, AHEAD_BYTES / settings.maxMessageBytes()));
        this.inbox = connection.subscribe(connection.createInbox());
        // Limited by what is asked for: the client's own limits would drop entries.
        inbox.setPendingLimits(0, 0);
    }

    /** Whether it reads no more. */
    boolean isOver() {
        return isOver || connection.getStatus() != Connection.Status.CONNECTED;
    }

    boolean hasRead() {
        return read > 0;
    }

    /** What comes next; waits for it no longer than that. */
    List<Entry> next(Duration patience) throws InterruptedException {
        List<Entry> entries = new ArrayList<>();
        long start = System.nanoTime();
        int bytes = 0;
        Message message = take(patience);
        while (message != null && !isOver && bytes < POLL_BYTES) {
            if (isEntry(message)) {
                entries.add(entry(message));
                bytes += message.getData().length;
            }
            boolean waits = entries.isEmpty();
            message = bytes < POLL_BYTES ? take(waits ? rest(patience, start) : Duration.ZERO) : null;
        }
        return entries;
    }

    private static Duration rest(Duration patience, long startNanos) {
        Duration rest = patience.minusNanos(System.nanoTime() - startNanos);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private @Nullable Message take(Duration patience) throws InterruptedException {
        try {
            ask();
            return inbox.nextMessage(patience.isZero() ? null : patience);
        } catch (IllegalStateException e) {
            // The connection is lost.
            isOver = true;
            return null;
        }
    }

    private void ask() {
        if (asked == 0) {
            var options =
                    PullRequestOptions.builder(ahead).expiresIn(requestLife).build();
            connection.publish(next, inbox.getSubject(), options.serialize());
            asked = ahead;
            askedNanos = System.nanoTime();
        } else if (System.nanoTime() - askedNanos > patienceNanos) {
            // That it was in vain would have been told by now.
            isOver = true;
        }
    }

    /** The others tell what became of what was asked for. */
    private boolean isEntry(Message message) {
        if (message.isStatusMessage()) {
            int code = message.getStatus().getCode();
            if (code == Status.REQUEST_TIMEOUT_CODE || code == Status.NOT_FOUND_CODE) {
                asked = 0;
            } else if (code != Status.FLOW_OR_HEARTBEAT_STATUS_CODE) {
                isOver = true;
            }
            return false;
        }
        if (!message.isJetStream() || message.metaData().consumerSequence() != read + 1) {
            isOver = true;
            return false;
        }
        read++;
        asked--;
        askedNanos = System.nanoTime();
        return true;
    }

    private static Entry entry(Message message) {
        NatsJetStreamMetaData about = message.metaData();
        Instant at = about.timestamp().toInstant();
        return new Entry(about.streamSequence() - 1, hash(at, message.getData()), at.toEpochMilli(), message.getData());
    }

    /** What tells an entry from another one at the same offset. */
    private static int hash(Instant at, byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return (int) (sum.getValue() * 31 + at.getEpochSecond() * 1_000_000_000 + at.getNano()) & LARGEST_HASH;
    }

    void close() {
        try {
            inbox.unsubscribe();
        } catch (IllegalStateException e) {
            // It went with the connection.
            isOver = true;
        }
    }
}
