package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.tidegate.jetstream.LogStream.Range;
import io.tidegate.shared.LogWatch;
import io.tidegate.shared.SharedLog.Entry;
import io.tidegate.shared.SharedLog.Place;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream. Of one thread.
 *
 * <p>Whenever something has happened that a stream may not have survived as it was, such as that the connection was lost, it is read anew
 * from the last entry that was read: if that is another one, the log was cut back.
 */
final class Tail {

    private static final int UNKNOWN = -1;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Link link;
    private final LogStream stream;
    private final JetStreamSettings settings;
    private final Problems problems;
    private final LogWatch watch;

    private Place place = Place.START;
    private @Nullable Cursor cursor;

    /** What came, and was not given out yet. */
    private List<Entry> unread = List.of();

    Tail(Link link, LogStream stream, JetStreamSettings settings, Problems problems) {
        this.link = link;
        this.stream = stream;
        this.settings = settings;
        this.problems = problems;
        this.watch = new LogWatch(
                () -> stream.answers().told(stream.range()).thenAccept(range -> {}), settings.checkInterval());
    }

    void seek(Place to) throws SharedLogException {
        leave();
        place = to;
        cursor = open();
    }

    List<Entry> poll(Duration patience) throws SharedLogException {
        watch.look();
        Cursor reading = cursor;
        if (reading == null || reading.isOver()) {
            leave();
            reading = open();
            cursor = reading;
        }
        List<Entry> entries = unread.isEmpty() ? next(reading, patience, place.next()) : unread;
        unread = List.of();
        if (entries.isEmpty()) {
            if (link.isClosed()) {
                throw SharedLogException.closed();
            }
            watch.requireAnswer();
            if (reading.isOver() && !reading.hasRead()) {
                // Another one at once might fare no better.
                throw problems.of(new IOException());
            }
            return entries;
        }
        if (entries.get(0).offset() > place.next()) {
            requireNotTrimmed();
        }
        int dense = dense(entries);
        unread = entries.subList(dense, entries.size());
        place = entries.get(dense - 1).after();
        return entries.subList(0, dense);
    }

    /** How many follow each other: what was between them and the next ones may have been trimmed, or there was nothing. */
    private static int dense(List<Entry> entries) {
        int dense = 1;
        while (dense < entries.size()
                && entries.get(dense).offset() == entries.get(dense - 1).offset() + 1) {
            dense++;
        }
        return dense;
    }

    private void leave() {
        unread = List.of();
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }

    /** A server that is behind may begin earlier than it was told to. */
    private List<Entry> next(Cursor reading, Duration patience, long from) throws SharedLogException {
        try {
            List<Entry> entries = reading.next(patience);
            entries.removeIf(entry -> entry.offset() < from);
            return entries;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problems.of(e);
        }
    }

    private void requireNotTrimmed() throws SharedLogException {
        try {
            Range range = stream.answers().await(stream.range());
            if (place.next() < range.start()) {
                throw trimmed(range);
            }
        } catch (SharedLogException e) {
            // What came is read once more, if that goes.
            leave();
            throw e;
        }
    }

    /** A cursor at the place, when it was seen that what was read before it is still there. */
    private Cursor open() throws SharedLogException {
        Connection connection = link.connected();
        Range range = range();
        if (place.next() < range.start()) {
            throw trimmed(range);
        }
        if (place.next() > range.end()) {
            throw diverged("it ends behind message " + range.end() + ", and was read up to " + place.next());
        }
        boolean isProven = place.term() != UNKNOWN && place.next() > range.start();
        long from = isProven ? place.next() - 1 : place.next();
        var opened = new Cursor(
                connection, stream.answers().await(stream.consumer(from)).getName(), settings);
        if (isProven) {
            try {
                prove(opened);
            } catch (SharedLogException e) {
                opened.close();
                throw e;
            }
        }
        return opened;
    }

    /** A server of a cluster may answer before it knows everything that the one before it has confirmed. */
    private Range range() throws SharedLogException {
        long start = System.nanoTime();
        Range range = stream.answers().await(stream.range());
        while (stream.isReplicated()
                && range.end() < place.next()
                && System.nanoTime() - start < settings.requestTimeout().toNanos()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            range = stream.answers().await(stream.range());
        }
        return range;
    }

    /** The first that the cursor reads has to be the last that was read before. */
    private void prove(Cursor opened) throws SharedLogException {
        long proof = place.next() - 1;
        List<Entry> entries = next(opened, settings.requestTimeout(), proof);
        if (entries.isEmpty()) {
            throw problems.of(opened.isOver() ? new IOException() : new TimeoutException());
        }
        Entry first = entries.get(0);
        if (first.offset() == proof) {
            if (first.term() != place.term()) {
                throw diverged("message " + (proof + 1) + " was read, and is another one now");
            }
            entries.remove(0);
        } else if (stream.answers().await(stream.range()).start() <= proof) {
            throw diverged("message " + (proof + 1) + " was read, and is not there any more");
        }
        unread = entries;
    }

    private SharedLogException trimmed(Range range) {
        return new SharedLogException(
                Kind.TRIMMED,
                name() + " begins at message " + (range.start() + 1) + ", and " + (place.next() + 1)
                        + " was to be read");
    }

    private SharedLogException diverged(String how) {
        return new SharedLogException(Kind.DIVERGED, name() + " has lost messages: " + how);
    }

    private String name() {
        return "the stream " + settings.stream();
    }
}
