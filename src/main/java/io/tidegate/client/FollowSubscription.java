package io.tidegate.client;

import io.tidegate.document.Position;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows for one subscriber, on a thread of its own: what it does not ask for is not read, so its server does not send it either.
 *
 * <pre>
 *  server ─► socket ─► FollowLoop ─► event ─► wait until it is asked for ─► onNext
 * </pre>
 */
final class FollowSubscription implements Flow.Subscription, FollowLoop.Receiver<FollowSubscription.Unreadable> {

    /** What the server sends is no event. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(ProtocolException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Flow.Subscriber<? super Event> subscriber;
    private final ShownCredentials credentials;
    private final ResumePoint resumePoint;
    private final FollowLoop<Unreadable> loop;
    private final Object demand = new Object();

    // Guarded by demand.
    private long asked;
    private boolean isCancelled;
    private @Nullable IllegalArgumentException mistake;

    /** Whether what comes is of a snapshot that is not whole yet; of the loop's thread. */
    private boolean isInSnapshot;

    /** What was told last to be current; of the loop's thread. */
    private @Nullable Position current;

    FollowSubscription(
            Flow.Subscriber<? super Event> subscriber,
            FollowRequest request,
            Connections connections,
            Supplier<Credentials> credentials) {
        this.subscriber = subscriber;
        this.credentials = new ShownCredentials(credentials);
        resumePoint = new ResumePoint(null);
        loop = new FollowLoop<>(connections.reconnection(this::pause, this.credentials), resumePoint, request, this);
    }

    /** For a thread of its own. */
    void run() {
        subscriber.onSubscribe(this);
        try {
            FollowLoop.End end = loop.run(null);
            finish(end);
        } catch (Unreadable e) {
            fail(new IOException(e.getMessage(), e));
        } catch (InterruptedException e) {
            fail(new IOException("interrupted", e));
        } catch (RuntimeException e) {
            // Of the subscriber, or of who says what its credentials are: it is told, and so is whoever looks after
            // threads.
            fail(e);
            throw e;
        }
    }

    private void finish(FollowLoop.End end) {
        switch (end.why()) {
            case LEFT -> left();
            case REFUSED, UNKNOWN -> fail(new RefusedException(end.message()));
            case DISMISSED ->
                fail(new RefusedException(
                        "the server said goodbye (" + end.message() + "), and not to come back as it is"));
            case STRANGER -> fail(new ProtocolException(end.message()));
        }
    }

    private void left() {
        IllegalArgumentException told;
        boolean cancelled;
        synchronized (demand) {
            told = mistake;
            cancelled = isCancelled;
            isCancelled = true;
        }
        if (told != null) {
            subscriber.onError(told);
        } else if (!cancelled) {
            subscriber.onComplete();
        }
    }

    private void fail(Exception failure) {
        synchronized (demand) {
            if (isCancelled) {
                return;
            }
            isCancelled = true;
        }
        subscriber.onError(failure);
    }

    @Override
    public void request(long count) {
        synchronized (demand) {
            if (count <= 0 && !isCancelled && mistake == null) {
                mistake = new IllegalArgumentException(
                        "asked for " + count + " events: ask for one or more (Reactive Streams, §3.9)");
                isCancelled = true;
            }
            // As much as there is: whoever asks for that much is never held back.
            asked = asked + count < 0 ? Long.MAX_VALUE : asked + Math.max(0, count);
            demand.notifyAll();
            if (mistake == null) {
                return;
            }
        }
        loop.leave();
    }

    @Override
    public void cancel() {
        synchronized (demand) {
            if (isCancelled) {
                return;
            }
            isCancelled = true;
            demand.notifyAll();
        }
        loop.leave();
    }

    /** Ends it for whoever has the client; the subscriber is told. By any thread. */
    void complete() {
        loop.leave();
        synchronized (demand) {
            demand.notifyAll();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        long giveUpAt = System.nanoTime() + duration.toNanos();
        synchronized (demand) {
            long left = giveUpAt - System.nanoTime();
            while (left > 0 && !isCancelled && !loop.isLeaving()) {
                demand.wait(left / 1_000_000 + 1);
                left = giveUpAt - System.nanoTime();
            }
        }
    }

    // ---- the loop's thread

    @Override
    public void take(EventLine event, LineReader line) throws Unreadable {
        try {
            for (Event each : told(event, line)) {
                if (awaitDemand()) {
                    current = each instanceof Event.Current now ? now.position() : current;
                    subscriber.onNext(each);
                }
            }
            if (event.is("expiring")) {
                renew();
            }
        } catch (ProtocolException e) {
            throw new Unreadable(e);
        }
    }

    private List<Event> told(EventLine event, LineReader line) throws ProtocolException {
        return switch (event.kind()) {
            case "resync" -> reset(event.text("reason"));
            case "condensed" -> condensed(event.text("reason"));
            case "snapshot" -> begin();
            case "document" -> with(begin(), new Event.Document(event.name(), EventLine.value(line)));
            case "synced" -> {
                List<Event> begun = begin();
                isInSnapshot = false;
                yield with(begun, new Event.Current(here()));
            }
            case "put" -> List.of(new Event.Put(event.name(), EventLine.value(line), here()));
            case "delete" -> List.of(new Event.Delete(event.name(), here()));
            case "caughtup", "heartbeat" -> here().equals(current) ? List.of() : List.of(new Event.Current(here()));
            default -> List.of();
        };
    }

    private List<Event> reset(String reason) {
        isInSnapshot = true;
        return List.of(new Event.Reset(reason));
    }

    /** Where it has come to is told when it has come there, though it may have been told before. */
    private List<Event> condensed(String reason) {
        current = null;
        return List.of(new Event.Condensed(reason));
    }

    /** What comes is of a snapshot, which was asked for. */
    private List<Event> begin() {
        return isInSnapshot ? List.of() : reset("the documents come first");
    }

    private static List<Event> with(List<Event> before, Event event) {
        return before.isEmpty() ? List.of(event) : List.of(before.get(0), event);
    }

    /** Where the line has brought it, which the loop took note of before. */
    private Position here() throws ProtocolException {
        Position position = resumePoint.position();
        if (position == null) {
            throw new ProtocolException("an update came that has no position");
        }
        return position;
    }

    /** Whether an event may be handed over. */
    private boolean awaitDemand() {
        synchronized (demand) {
            try {
                while (asked == 0 && !isCancelled && !loop.isLeaving()) {
                    demand.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isCancelled = true;
            }
            if (isCancelled || loop.isLeaving()) {
                return false;
            }
            asked = asked == Long.MAX_VALUE ? asked : asked - 1;
            return true;
        }
    }

    private void renew() {
        if (isRenewed()) {
            try {
                loop.send("auth " + credentials.get().token());
            } catch (IOException e) {
                // The connection is lost; the next one begins with it.
            }
        }
    }

    @Override
    public boolean isRenewed() {
        return credentials.areRenewed();
    }

    @Override
    public void flush(EventLine last, LineReader line) {
        // Nothing is kept of what was read.
    }

    @Override
    public void lost(String reason, boolean inSnapshot) {
        isInSnapshot = false;
    }
}
