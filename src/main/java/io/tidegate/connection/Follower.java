package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.access.Access;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.wire.Decoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows the feed within the program: hands out the events that a client gets, as lines of JSON, at the pace of whoever takes
 * them. What is not taken yet waits in the feed, not here.
 *
 * <p>One thread takes the events. The other methods may be called by any.
 */
public final class Follower implements AutoCloseable {

    private static final Pattern LINE_END = Pattern.compile("\n");

    private final Dialogue<?> dialogue;
    private final LongSupplier nanoClock;
    private final Consumer<Follower> whenClosed;

    /** There may be something new. */
    private final Semaphore signal = new Semaphore(0);

    private final ArrayDeque<String> events = new ArrayDeque<>();

    /** Guarded by the dialogue, as all of its methods are. */
    private boolean closed;

    private boolean ending;

    private Follower(Feed feed, ConnectionSettings settings, LongSupplier nanoClock, Consumer<Follower> whenClosed) {
        this.nanoClock = nanoClock;
        this.whenClosed = whenClosed;
        dialogue = new LineProtocol(feed, settings, Access.OPEN, nanoClock)
                .open(Peer.PROGRAM, new Wakeup(Runnable::run, signal::release), () -> false);
    }

    /**
     * A follower that has begun.
     *
     * @param after the position that it goes on from; null if it begins with the documents
     * @param latest whether steps that it was too slow for may be left out
     * @param whenClosed told once, when it has ended
     */
    public static Follower open(
            Feed feed,
            ConnectionSettings settings,
            LongSupplier nanoClock,
            Selection selection,
            @Nullable Position after,
            boolean latest,
            Consumer<Follower> whenClosed) {
        var follower = new Follower(feed, settings, nanoClock, whenClosed);
        follower.request(
                "follow" + (latest ? " latest" : "") + (after == null ? "" : " after " + after) + words(selection));
        return follower;
    }

    private static String words(Selection selection) {
        if (selection.isNone()) {
            return " none";
        }
        return selection.given().stream().map(selector -> " " + selector).collect(Collectors.joining());
    }

    /**
     * The next event, one line of JSON without its end.
     *
     * @param patience how long one is waited for
     * @return empty if none came, or none comes any more
     */
    public Optional<String> next(Duration patience) throws InterruptedException {
        long patienceNanos = TimeUnit.NANOSECONDS.convert(patience);
        long begunNanos = nanoClock.getAsLong();
        while (events.isEmpty() && look()) {
            long leftNanos = patienceNanos - (nanoClock.getAsLong() - begunNanos);
            if (events.isEmpty() && !signal.tryAcquire(leftNanos, TimeUnit.NANOSECONDS)) {
                break;
            }
        }
        return Optional.ofNullable(events.poll());
    }

    /**
     * Takes what is there.
     *
     * @return false if it has ended
     */
    private boolean look() {
        signal.drainPermits();
        synchronized (dialogue) {
            if (closed) {
                return false;
            }
            EventLines lines = dialogue.poll();
            if (lines != null) {
                LINE_END.splitAsStream(lines.bytes().utf8String()).forEach(events::add);
            }
            if (dialogue.isFinished()) {
                close();
            }
            return true;
        }
    }

    /** Follows more: the documents of these come, then {@code watching}, and their updates from there on. */
    public void watch(Selector... more) {
        request(Stream.of(more).map(selector -> " " + selector).collect(Collectors.joining("", "watch", "")));
    }

    /** Follows less, from {@code unwatched} on. */
    public void unwatch(Selector... fewer) {
        request(Stream.of(fewer).map(selector -> " " + selector).collect(Collectors.joining("", "unwatch", "")));
    }

    private void request(String line) {
        synchronized (dialogue) {
            if (!closed) {
                take(dialogue, ByteString.fromString(line + "\n", StandardCharsets.UTF_8));
            }
        }
        signal.release();
    }

    private static <I> void take(Dialogue<I> dialogue, ByteString bytes) {
        Decoder<ByteString, I> decoder = dialogue.decoder();
        decoder.take(bytes);
        for (I input = decoder.next(); input != null; input = decoder.next()) {
            dialogue.take(input);
        }
    }

    /** The feed has come to its end: what is committed is still handed out, then the goodbye. Repeating it changes nothing. */
    public void end() {
        synchronized (dialogue) {
            if (!closed && !ending) {
                ending = true;
                dialogue.shutdown(new Goodbye(CloseReason.SHUTDOWN, Duration.ZERO));
                dialogue.inputEnded();
            }
        }
    }

    /** Leaves at once. */
    @Override
    public void close() {
        synchronized (dialogue) {
            if (closed) {
                return;
            }
            closed = true;
            dialogue.close();
        }
        whenClosed.accept(this);
        signal.release();
    }
}
