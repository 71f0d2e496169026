package io.tidegate.client;

import io.tidegate.client.Outbox.Publication;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes in their order, and once more over the next connection what was not answered. Each has an id, so that it takes effect once.
 *
 * <pre>
 *  publish ─► Outbox ─► thread that sends ─► server ─► thread that hears answers, one for each connection ─► completed
 * </pre>
 *
 * <p>The thread that hears never sends: a server that reads nothing holds up who sends, until who hears has waited for an answer for too
 * long, and closes the connection.
 */
final class Publications implements AutoCloseable {

    /** So long nobody may be there who takes a change. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Where nothing is sent for so long the server is asked whether it is there, well before its silence counts as an end. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final String CLOSED = "the client is closed";

    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** By these the change was not taken, or may not have been, and it makes sense to send it again. */
    private static final Set<String> UNTAKEN = Set.of("unavailable", PublishFailedException.OUTCOME_UNKNOWN);

    private final Reconnection reconnection;
    private final ShownCredentials credentials;
    private final String ids = UUID.randomUUID() + "-";

    /** Who publishes on them, when told what became of a change, is not held back: nobody else makes room. */
    private final Set<Thread> ownThreads = ConcurrentHashMap.newKeySet();

    // All guarded by this.
    private final Outbox outbox = new Outbox();
    private final BackOff untaken = new BackOff(RandomGenerator.getDefault());
    private long pausedUntil = System.nanoTime();
    private long published;
    private @Nullable LineClient client;
    private boolean isStarted;

    /** Over which nothing more is sent, since the next one is to show another token. */
    private @Nullable LineClient retired;

    /** Why nothing more is taken; null while it is. */
    private @Nullable String closed;

    Publications(Connections connections, Supplier<Credentials> credentials) {
        this.credentials = new ShownCredentials(credentials);
        reconnection = connections.reconnection(this::pause, this.credentials);
    }

    synchronized CompletionStage<Position> publish(Change change) {
        var outcome = new CompletableFuture<Position>();
        try {
            while (closed == null && outbox.isFull() && !ownThreads.contains(Thread.currentThread())) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome.completeExceptionally(notSent("interrupted"));
            return outcome.minimalCompletionStage();
        }
        if (closed != null) {
            outcome.completeExceptionally(notSent(closed));
            return outcome.minimalCompletionStage();
        }
        byte[] request = ChangeLine.of(change, ids + published++);
        outbox.add(new Publication(published, change.name(), request, System.nanoTime(), outcome));
        if (!isStarted) {
            isStarted = true;
            start("tidegate-publish", this::run);
        }
        notifyAll();
        return outcome.minimalCompletionStage();
    }

    private void start(String name, Runnable task) {
        TidegateClient.start(name, () -> {
            ownThreads.add(Thread.currentThread());
            try {
                task.run();
            } finally {
                ownThreads.remove(Thread.currentThread());
            }
        });
    }

    private static PublishFailedException notSent(String why) {
        return new PublishFailedException(PublishFailedException.NOT_SENT, "the change was not sent: " + why);
    }

    private static PublishFailedException unanswered(String why) {
        return new PublishFailedException(
                PublishFailedException.OUTCOME_UNKNOWN, "it is not known whether the change was taken: " + why);
    }

    // ---- the thread that sends

    private void run() {
        try {
            LineClient next = reconnection.attemptNow();
            while (!isOver()) {
                if (next != null) {
                    serve(next);
                }
                giveUpOldest();
                if (!isOver()) {
                    next = reconnection.attempt();
                }
            }
        } catch (RefusedException e) {
            end(Reason.of(e));
        } catch (InterruptedException e) {
            end("interrupted");
        } catch (RuntimeException e) {
            // Of who says what the credentials are: whoever publishes is told, and so is whoever looks after threads.
            end(Reason.of(e));
            throw e;
        }
    }

    private synchronized boolean isOver() {
        return closed != null && outbox.isEmpty();
    }

    /** Sends over that connection until it is lost, or all is over. */
    private void serve(LineClient connection) throws InterruptedException {
        try (connection) {
            synchronized (this) {
                client = connection;
            }
            // Its answer says of which epoch the numbers are; it comes first.
            connection.send("sync none");
            start("tidegate-answers", () -> hear(connection));
            while (awaitDue(connection)) {
                Publication next = next(connection);
                if (next == null) {
                    connection.send("ping");
                } else {
                    connection.requests().write(next.request());
                    if (isLast()) {
                        connection.requests().flush();
                    }
                }
            }
            connection.send("quit");
            awaitLost(connection);
        } catch (IOException e) {
            lost(connection);
        }
    }

    private synchronized boolean isLast() {
        return !outbox.isDue();
    }

    /** False if that connection is lost, or nothing more is to be sent over it; true as well where nothing was sent for long. */
    private synchronized boolean awaitDue(LineClient connection) throws InterruptedException {
        long idleAt = System.nanoTime() + IDLE.toNanos();
        long now = System.nanoTime();
        while (isOpen(connection) && !isDue(now) && now - idleAt < 0) {
            long wakeAt = outbox.isDue() && pausedUntil - idleAt < 0 ? pausedUntil : idleAt;
            wait(Math.max(1, (wakeAt - now) / 1_000_000 + 1));
            now = System.nanoTime();
        }
        return isOpen(connection);
    }

    private boolean isOpen(LineClient connection) {
        return client == connection && retired != connection && !isOver();
    }

    private boolean isDue(long now) {
        return outbox.isDue() && now - pausedUntil >= 0;
    }

    /** What is to be sent now, which counts as sent; null if nothing is, or that connection is lost. */
    private synchronized @Nullable Publication next(LineClient connection) {
        return client == connection && isDue(System.nanoTime()) ? outbox.next() : null;
    }

    /** Until all answers have come over it. */
    private synchronized void awaitLost(LineClient connection) throws InterruptedException {
        while (client == connection) {
            wait();
        }
    }

    /** What was sent over it and not answered is sent again, before all else. */
    private synchronized void lost(LineClient connection) {
        if (client == connection) {
            client = null;
            outbox.lost();
            notifyAll();
        }
    }

    private synchronized void pause(Duration duration) throws InterruptedException {
        long giveUpAt = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (left > 0 && !isOver()) {
            wait(left / 1_000_000 + 1);
            left = giveUpAt - System.nanoTime();
        }
    }

    /** What nobody has taken for too long. */
    private void giveUpOldest() {
        fail(Publications::isOld, "no server was there to answer");
    }

    private static boolean isOld(Publication publication) {
        return System.nanoTime() - publication.publishedAt() > PATIENCE.toNanos();
    }

    private void end(String why) {
        synchronized (this) {
            closed = why;
            notifyAll();
        }
        fail(publication -> true, why);
    }

    private void fail(Predicate<Publication> which, String why) {
        List<Publication> failed;
        synchronized (this) {
            failed = outbox.remove(which);
            notifyAll();
        }
        failed.forEach(publication -> publication.outcome().completeExceptionally(unanswered(why)));
    }

    // ---- the thread that hears answers

    private void hear(LineClient connection) {
        try {
            String epoch = "";
            boolean goesOn = true;
            while (goesOn && connection.lines().next()) {
                EventLine answer = EventLine.of(connection.lines());
                if (!epoch.isEmpty()) {
                    goesOn = take(answer, connection, epoch);
                } else if (answer.is("synced")) {
                    epoch = answer.text("epoch");
                } else {
                    goesOn = greeted(answer);
                }
            }
        } catch (IOException e) {
            // What was sent is sent again; so it is where no answer has come for too long.
        } finally {
            lost(connection);
            connection.cut();
        }
    }

    /** Whether more is to come over a connection that was asked where the feed is, and says something else. */
    private boolean greeted(EventLine answer) throws ProtocolException {
        if (answer.is("goodbye")) {
            boolean unused = reconnection.take(answer);
            return false;
        }
        if (Passing.is(answer)) {
            reconnection.refused();
            return false;
        }
        if (answer.is("error") && !Passing.isFarewell(answer)) {
            end(answer.text("message"));
            return false;
        }
        return true;
    }

    /** Whether more is to come over this connection. */
    private boolean take(EventLine answer, LineClient connection, String epoch) throws IOException {
        switch (answer.kind()) {
            case "accepted" -> {
                reconnection.succeeded();
                answered(connection, true).outcome().complete(new Position(epoch, answer.seq()));
            }
            case "error" -> refused(answer, connection);
            case "expiring" -> renew(connection);
            case "goodbye" -> {
                boolean unused = reconnection.take(answer);
                return false;
            }
            default -> {
                // Of a pong, and of what a later server adds, nothing depends.
            }
        }
        return true;
    }

    private void refused(EventLine answer, LineClient connection) throws IOException {
        String code = answer.text("code");
        // Nothing that has no answer is taken then, and all of it is sent again over the next connection.
        if (!Passing.isFarewell(answer) && !(UNTAKEN.contains(code) && putBack(connection))) {
            answered(connection, false)
                    .outcome()
                    .completeExceptionally(new PublishFailedException(code, answer.text("message")));
        }
    }

    /** The next connection shows another token, if there is one. What was sent over this one is answered before. */
    private void renew(LineClient connection) {
        if (credentials.areRenewed()) {
            synchronized (this) {
                retired = connection;
                notifyAll();
            }
        }
    }

    /** Of a connection that is lost nothing counts any more: what was sent over it is sent again. */
    private void requireCurrent(LineClient connection) throws IOException {
        if (client != connection) {
            throw new IOException("the connection is lost");
        }
    }

    private synchronized Publication answered(LineClient connection, boolean isTaken) throws IOException {
        requireCurrent(connection);
        Publication first = outbox.answered();
        if (first == null) {
            throw new ProtocolException("an answer came without a request");
        }
        if (isTaken) {
            untaken.reset();
        }
        notifyAll();
        return first;
    }

    /** Whether the oldest that was sent is sent again, in a moment. */
    private synchronized boolean putBack(LineClient connection) throws IOException {
        requireCurrent(connection);
        Publication first = outbox.oldestSent();
        if (first == null || isOld(first) || !outbox.putBack()) {
            return false;
        }
        long now = System.nanoTime();
        if (now - pausedUntil >= 0) {
            pausedUntil = now + untaken.next().toNanos();
        }
        notifyAll();
        return true;
    }

    /** Takes nothing more, and waits a moment for what is on its way. */
    @Override
    public void close() {
        long left = ownThreads.contains(Thread.currentThread()) ? 0 : CLOSING.toNanos();
        long giveUpAt = System.nanoTime() + left;
        synchronized (this) {
            closed = closed == null ? CLOSED : closed;
            notifyAll();
            try {
                while (left > 0 && !isOver()) {
                    wait(left / 1_000_000 + 1);
                    left = giveUpAt - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        fail(publication -> true, CLOSED);
    }
}
