package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Line;
import io.tidegate.wire.LineDecoder;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the lines of a request as they come.
 *
 * <pre>
 *  body ─► line decoder ─► changes ─► feed
 *                            └─ all settled ─► outcome
 * </pre>
 *
 * <p>Changes are on their way to the feed while further lines come, up to the limits of a connection; beyond them, or when the
 * feed has no room, the body is not read. The first line that is wrong or refused, or a body that breaks off, ends it: nothing
 * more is read or published, what was published before is settled, and that is the outcome, however much the client still sends.
 */
final class BulkPublish implements Body.Taker {

    /**
     * What became of the lines.
     *
     * @param accepted how many changes are durable
     * @param lastSeq the sequence number of the last of them; 0 if there is none
     * @param failed the first that was not accepted; null if all were
     */
    record Outcome(long accepted, long lastSeq, @Nullable Failed failed) {}

    /**
     * A line that was not accepted, or did not come.
     *
     * @param line counted from 1, empty lines included
     */
    record Failed(long line, Problem problem) {}

    private record Sent(long line, Publication publication) {}

    private static final ByteString NEWLINE = ByteString.fromString("\n");

    private final Feed feed;
    private final Caller caller;
    private final int mostUnderWay;
    private final long mostBytesUnderWay;
    private final Wakeup wakeup;
    private final Runnable whenAllowed;
    private final LineDecoder decoder;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private long bytesUnderWay;
    private long lines;
    private long accepted;
    private long lastSeq;
    private boolean unread;
    private boolean ended;
    private @Nullable Failed failed;

    /**
     * Publishes to a feed.
     *
     * @param caller may not write everything
     * @param wakeup has it {@linkplain #isReady look} again when a change was settled, or there is room again
     */
    BulkPublish(Feed feed, ConnectionSettings settings, Caller caller, Wakeup wakeup) {
        this.feed = feed;
        this.caller = caller;
        mostUnderWay = settings.pipelinedRequests();
        mostBytesUnderWay = settings.pipelinedBytes();
        this.wakeup = wakeup;
        whenAllowed = wakeup::signal;
        decoder = LineDecoder.create(settings.maxLineBytes());
    }

    /** Comes when all that was published is settled. */
    CompletionStage<Outcome> outcome() {
        return outcome;
    }

    @Override
    public void take(ByteString piece) {
        decoder.take(piece);
        unread = true;
        boolean unused = isReady();
    }

    /** The body says itself where it ends, so its last line needs no end of its own. */
    @Override
    public void ended() {
        ended = true;
        unread = true;
        boolean unused = isReady();
    }

    /** What was published stays published, and the client is told how much that is. */
    @Override
    public void broken(Problem why) {
        if (!ended) {
            fail(lines + 1, why);
            boolean unused = isReady();
        }
    }

    /** Settles what can be, publishes what has come and has room, and completes the outcome. */
    @Override
    public boolean isReady() {
        settle();
        while (unread && failed == null && isRoom()) {
            Line line = decoder.next();
            if (line != null) {
                lines++;
                take(line);
            } else {
                unread = false;
                takeLastLine();
            }
        }
        settle();
        if (underWay.isEmpty() && (failed != null || (ended && !unread))) {
            outcome.complete(new Outcome(accepted, lastSeq, failed));
        }
        return !unread && !ended && failed == null && isRoom();
    }

    private void takeLastLine() {
        if (ended && decoder.begun() != null) {
            decoder.take(NEWLINE);
            unread = true;
        }
    }

    private void take(Line line) {
        try {
            if (line instanceof Line.Text text) {
                Request.Publish change = text.isBlank() ? null : text.change();
                if (change != null) {
                    publish(change);
                }
            } else if (line instanceof Line.TooLong tooLong) {
                fail(
                        lines,
                        ErrorCode.LINE_TOO_LONG,
                        "the line is longer than " + tooLong.maxBytes() + " bytes: documents may have "
                                + feed.documentLimit()
                                + ", and lines what tidegate.connection.max-line-bytes allows");
            } else {
                fail(lines, ErrorCode.INCOMPLETE_LINE, "the body ended within a line: end it with a newline");
            }
        } catch (RequestException e) {
            fail(lines, e.code(), e.message());
        }
    }

    private void publish(Request.Publish publish) {
        Change change = publish.change();
        if (!caller.pass().mayWrite(change.name())) {
            fail(lines, caller.refusal());
            return;
        }
        caller.pass().published(change.weight());
        bytesUnderWay += change.weight();
        underWay.add(new Sent(lines, feed.publish(change, Precondition.none(), publish.id(), wakeup::signal)));
    }

    private void fail(long line, ErrorCode code, String message) {
        fail(line, Problem.of(HttpResponseStatus.BAD_REQUEST, code, message));
    }

    /** The first in the order of the lines. */
    private void fail(long line, Problem problem) {
        if (failed == null || line < failed.line()) {
            failed = new Failed(line, problem);
        }
    }

    private boolean isRoom() {
        if (underWay.size() >= mostUnderWay || bytesUnderWay >= mostBytesUnderWay) {
            return false;
        }
        if (!feed.hasRoom()) {
            feed.awaitRoom(wakeup);
            return false;
        }
        return caller.pass().mayPublish(whenAllowed);
    }

    /** Nobody waits for the outcome any more. */
    void leave() {
        feed.leaveRoom(wakeup);
        caller.pass().waitNoMore(whenAllowed);
    }

    private void settle() {
        for (Sent first = underWay.peek(); first != null && first.publication().isSettled(); first = underWay.peek()) {
            settle(underWay.remove());
        }
    }

    private void settle(Sent sent) {
        Publication publication = sent.publication();
        bytesUnderWay -= publication.change().weight();
        Publication.Refusal refusal = publication.refusal();
        if (refusal == null) {
            accepted++;
            // One that was sent before has the number of then.
            lastSeq = Math.max(lastSeq, publication.seq());
        } else {
            fail(sent.line(), Problem.notTaken(refusal, feed));
        }
    }
}
