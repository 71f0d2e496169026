package io.tidegate.connection;

import io.tidegate.access.Pass;
import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one client, and the answers that it is owed, in their order.
 *
 * <p>Changes are on their way to the feed while further requests come, up to the limits of a connection. A request that needs
 * everything before it to be answered takes its turn then, and nothing more is taken until it has.
 */
final class Requests {

    /** An answer that is owed. */
    private sealed interface Answer {}

    private record Ready(Utf8Buffer line) implements Answer {}

    private record Published(Publication publication, int weight) implements Answer {}

    /** Sync, updates, follow, watch, unwatch, auth and quit. */
    private record InOrder(Request request) implements Answer {}

    private final Feed feed;
    private final Pass pass;
    private final ConnectionSettings settings;
    private final Wakeup wakeup;
    private final Runnable whenAllowed;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>(0);
    private long pipelinedBytes;
    private Request.@Nullable Publish heldBack;
    private boolean turnWaits;
    private boolean ended;

    Requests(Feed feed, ConnectionSettings settings, Pass pass, Wakeup wakeup) {
        this.feed = feed;
        this.settings = settings;
        this.wakeup = wakeup;
        this.pass = pass;
        whenAllowed = wakeup::signal;
    }

    /** Whether the next one may come. */
    boolean wantsMore() {
        return !turnWaits
                && heldBack == null
                && answers.size() < settings.pipelinedRequests()
                && pipelinedBytes < settings.pipelinedBytes();
    }

    /** @throws RequestException as the answer, if the client may not ask that */
    void take(Request request) throws RequestException {
        requireTakable(request);
        begin(request);
    }

    /** Takes those that were allowed elsewhere, unless the client was refused meanwhile, and no more. */
    void takeOnly(List<Request> asked) {
        if (!ended) {
            asked.forEach(this::begin);
        }
        end();
    }

    private void begin(Request request) {
        if (request instanceof Request.Publish publish) {
            publish(publish);
        } else if (request instanceof Request.Ping) {
            ready(Events::pong);
        } else if (request instanceof Request.Help) {
            ready(Events::help);
        } else {
            turnWaits = true;
            answers.add(new InOrder(request));
        }
    }

    private void requireTakable(Request request) throws RequestException {
        boolean isFree = request instanceof Request.Auth
                || request instanceof Request.Ping
                || request instanceof Request.Help
                || request instanceof Request.Quit;
        boolean isBarred = request instanceof Request.Publish publish
                && !pass.mayWrite(publish.change().name());
        if (isBarred || (!isFree && pass.isForNothing())) {
            throw Permission.refusal(pass);
        }
    }

    /** Answers what is no request, when its turn comes. */
    void refuse(ErrorCode code, String message) {
        ready(target -> Events.error(code, message, target));
    }

    private void ready(Consumer<Utf8Buffer> event) {
        var line = new Utf8Buffer(128);
        event.accept(line);
        answers.add(new Ready(line));
    }

    private void publish(Request.Publish publish) {
        if (!feed.hasRoom()) {
            heldBack = publish;
            feed.awaitRoom(wakeup);
            return;
        }
        if (!pass.mayPublish(whenAllowed)) {
            heldBack = publish;
            return;
        }
        Change change = publish.change();
        pass.published(change.weight());
        pipelinedBytes += change.weight();
        Publication publication = feed.publish(change, Precondition.none(), publish.id(), wakeup::signal);
        answers.add(new Published(publication, change.weight()));
    }

    /** Publishes what the feed had no room for. */
    void retry() {
        Request.Publish waiting = heldBack;
        if (waiting != null) {
            heldBack = null;
            publish(waiting);
        }
    }

    /** No more are taken; those that were are answered. */
    void end() {
        ended = true;
    }

    boolean haveEnded() {
        return ended;
    }

    /** Forgets those that wait for their turn, and a change that waits for room: nothing is read or begun any more. */
    void dropTurns() {
        answers.removeIf(InOrder.class::isInstance);
        turnWaits = false;
        heldBack = null;
    }

    /** Nobody asks any more. */
    void close() {
        heldBack = null;
        pass.waitNoMore(whenAllowed);
        feed.leaveRoom(wakeup);
    }

    /** Whether no more are taken and nothing is owed. */
    boolean areOver() {
        return ended && answers.isEmpty() && heldBack == null;
    }

    /**
     * Writes the next answer, or gives a request its turn.
     *
     * @return false if none is due
     */
    boolean answerNext(Words words, Consumer<Request> turn) {
        Answer next = answers.peek();
        if (next == null
                || (next instanceof Published pending && !pending.publication().isSettled())) {
            return false;
        }
        answers.remove();
        if (next instanceof Ready ready) {
            words.lines().put(ready.line());
        } else if (next instanceof Published published) {
            pipelinedBytes -= published.weight();
            settled(published.publication(), words);
        } else if (next instanceof InOrder inOrder) {
            turnWaits = false;
            turn.accept(inOrder.request());
        }
        return true;
    }

    private void settled(Publication publication, Words words) {
        Publication.Refusal refusal = publication.refusal();
        if (refusal == null) {
            Events.accepted(publication.seq(), words.lines());
            return;
        }
        NotTaken why = NotTaken.of(refusal, feed);
        words.error(why.code(), why.message());
    }
}
