package io.tidegate.client;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends changes in their order, and once more over the next connection what was not answered. Each has an id, so that it takes effect once.
 *
 * <pre>
 *  publish ─► waiting ─► thread that sends ─► sent ─► server
 *                ▲                              │
 *                └── connection lost ───────────┴─► thread that hears answers, one for each connection ─► completed
 * </pre>
 */
final class Publications implements AutoCloseable {

    /** Changes that are on their way; a server reads no more of one connection either. */
    private static final int MOST = 2_048;

    /** Of their bytes, unless it is one. */
    private static final long MOST_BYTES = 8 << 20;

    /** So long nobody may be there who takes a change. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String TOO_MANY = "too-many-connections";

    private static final String CLOSED = "the client is closed";

    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** By these the change was not taken, or may not have been, and it makes sense to send it again. */
    private static final Set<String> PASSING = Set.of("unavailable", PublishFailedException.OUTCOME_UNKNOWN);

    @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
    private record Publication(
            DocumentName name, byte[] request, long publishedAt, CompletableFuture<Position> outcome) {}

    private final Reconnection reconnection;
    private final String ids = UUID.randomUUID() + "-";

    // All guarded by this.
    private final ArrayDeque<Publication> waiting = new ArrayDeque<>();
    private final ArrayDeque<Publication> sent = new ArrayDeque<>();
    private long bytes;
    private long published;
    private @Nullable LineClient client;
    private boolean isStarted;

    /** Why nothing more is taken; null while it is. */
    private @Nullable String closed;

    Publications(Connections connections, Supplier<Credentials> credentials) {
        reconnection = connections.reconnection(this::pause, credentials);
    }

    synchronized CompletionStage<Position> publish(Change change) {
        var outcome = new CompletableFuture<Position>();
        try {
            while (closed == null && (waiting.size() + sent.size() >= MOST || bytes >= MOST_BYTES)) {
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
        waiting.add(new Publication(change.name(), request, System.nanoTime(), outcome));
        bytes += request.length;
        if (!isStarted) {
            isStarted = true;
            TidegateClient.start("tidegate-publish", this::run);
        }
        notifyAll();
        return outcome.minimalCompletionStage();
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
        }
    }

    private synchronized boolean isOver() {
        return closed != null && waiting.isEmpty() && sent.isEmpty();
    }

    /** Sends over that connection until it is lost, or all is over. */
    private void serve(LineClient connection) throws InterruptedException {
        try (connection) {
            synchronized (this) {
                client = connection;
            }
            // Its answer says of which epoch the numbers are; it comes first.
            connection.send("sync none");
            TidegateClient.start("tidegate-answers", () -> hear(connection));
            Publication next = await(connection);
            while (next != null) {
                connection.requests().write(next.request());
                if (isLast()) {
                    connection.requests().flush();
                }
                next = await(connection);
            }
            if (isOver()) {
                connection.leave();
            }
        } catch (IOException e) {
            lost(connection);
        }
    }

    private synchronized boolean isLast() {
        return waiting.isEmpty();
    }

    /** The next to be sent, which counts as sent; null if that connection is lost, or all is over. */
    private synchronized @Nullable Publication await(LineClient connection) throws InterruptedException {
        while (client == connection && waiting.isEmpty() && !isOver()) {
            wait();
        }
        if (client != connection || waiting.isEmpty()) {
            return null;
        }
        Publication next = waiting.remove();
        sent.add(next);
        return next;
    }

    /** What was sent over it and not answered waits again, before all else. */
    private synchronized void lost(LineClient connection) {
        if (client == connection) {
            client = null;
            while (!sent.isEmpty()) {
                waiting.addFirst(sent.removeLast());
            }
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
        List<Publication> failed = new ArrayList<>();
        synchronized (this) {
            sent.stream().filter(which).forEach(failed::add);
            waiting.stream().filter(which).forEach(failed::add);
            sent.removeAll(failed);
            waiting.removeAll(failed);
            failed.forEach(publication -> bytes -= publication.request().length);
            notifyAll();
        }
        failed.forEach(publication -> publication.outcome().completeExceptionally(unanswered(why)));
    }

    // ---- the thread that hears answers

    private void hear(LineClient connection) {
        try {
            if (connection.next()) {
                EventLine greeting = EventLine.of(connection.lines());
                if (greeting.is("synced")) {
                    hear(connection, greeting.text("epoch"));
                } else if (!greeting.text("code").equals(TOO_MANY) && greeting.is("error")) {
                    end(greeting.text("message"));
                }
            }
        } catch (IOException e) {
            // What was sent is sent again.
        } finally {
            lost(connection);
            close(connection);
        }
    }

    private void hear(LineClient connection, String epoch) throws IOException {
        boolean goesOn = true;
        while (goesOn && connection.next()) {
            goesOn = take(EventLine.of(connection.lines()), connection, epoch);
        }
    }

    private static void close(LineClient connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    /** Whether more is to come over this connection. */
    private boolean take(EventLine answer, LineClient connection, String epoch) throws IOException {
        switch (answer.kind()) {
            case "accepted" -> {
                reconnection.succeeded();
                answered(connection).outcome().complete(new Position(epoch, answer.seq()));
                return true;
            }
            case "error" -> {
                return refused(answer.text("code"), answer.text("message"), connection);
            }
            case "goodbye" -> {
                boolean unused = reconnection.take(answer);
                return false;
            }
            default -> {
                return true;
            }
        }
    }

    private boolean refused(String code, String message, LineClient connection) throws IOException {
        if (code.equals("draining")) {
            // Nothing of what is not answered was taken. Its goodbye follows, which tells when to come back.
            return true;
        }
        if (!PASSING.contains(code) || !putBack(connection)) {
            answered(connection).outcome().completeExceptionally(new PublishFailedException(code, message));
        }
        return true;
    }

    /** Of a connection that is lost nothing counts any more: what was sent over it is sent again. */
    private void requireCurrent(LineClient connection) throws IOException {
        if (client != connection) {
            throw new IOException("the connection is lost");
        }
    }

    private synchronized Publication answered(LineClient connection) throws IOException {
        requireCurrent(connection);
        Publication first = sent.poll();
        if (first == null) {
            throw new ProtocolException("an answer came without a request");
        }
        bytes -= first.request().length;
        notifyAll();
        return first;
    }

    /** Has the oldest that was sent wait again, unless a later change of its document is on its way, behind which it must not come. */
    private synchronized boolean putBack(LineClient connection) throws IOException {
        requireCurrent(connection);
        Publication first = sent.peek();
        if (first == null
                || isOld(first)
                || sent.stream().skip(1).anyMatch(other -> other.name().equals(first.name()))
                || waiting.stream().anyMatch(other -> other.name().equals(first.name()))) {
            return false;
        }
        waiting.addFirst(sent.remove());
        notifyAll();
        return true;
    }

    /** Takes nothing more, and waits a moment for what is on its way. */
    @Override
    public void close() {
        long giveUpAt = System.nanoTime() + CLOSING.toNanos();
        synchronized (this) {
            closed = closed == null ? CLOSED : closed;
            notifyAll();
            try {
                long left = CLOSING.toNanos();
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
