package io.tidegate.http;

import akka.Done;
import akka.http.javadsl.model.StatusCodes;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Inlet;
import akka.stream.SinkShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import io.tidegate.document.Change;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Line;
import io.tidegate.wire.RequestException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the lines of a request as they come.
 *
 * <pre>
 *  body ─► line decoder ─► publishing ─► feed
 *                             └─ all settled ─► outcome
 * </pre>
 *
 * <p>Changes are on their way to the feed while further lines come, up to the limits of a connection; beyond them, or when the
 * feed has no room, the body is not read. The first line that is wrong or refused, or a body that breaks off, ends it: nothing
 * more is read or published, what was published before is settled, and that is the outcome, however much the client still sends.
 */
final class Publishing
        extends AbstractGraphStageWithMaterializedValue<SinkShape<Line>, CompletionStage<Publishing.Outcome>> {

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

    private final Inlet<Line> in = Inlet.create("Publishing.in");
    private final SinkShape<Line> shape = SinkShape.of(in);
    private final Feed feed;
    private final int mostUnderWay;
    private final long mostBytesUnderWay;

    /**
     * Publishes to a feed.
     *
     * @param mostUnderWay changes that were published and are not settled
     * @param mostBytesUnderWay the same in bytes
     */
    Publishing(Feed feed, int mostUnderWay, long mostBytesUnderWay) {
        this.feed = feed;
        this.mostUnderWay = mostUnderWay;
        this.mostBytesUnderWay = mostBytesUnderWay;
    }

    @Override
    public SinkShape<Line> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<Outcome>> createLogicAndMaterializedValuePair(Attributes inherited) {
        var logic = new Logic();
        return Pair.create(logic, logic.outcome);
    }

    private final class Logic extends GraphStageLogic {

        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final AsyncCallback<Done> onStage = createAsyncCallback(done -> look());
        private final Wakeup wakeup = new Wakeup(Runnable::run, () -> onStage.invoke(Done.getInstance()));

        private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
        private long bytesUnderWay;
        private long lines;
        private long accepted;
        private long lastSeq;
        private @Nullable Failed failed;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    lines++;
                    take(grab(in));
                    look();
                }

                @Override
                public void onUpstreamFinish() {
                    setKeepGoing(true);
                    look();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    setKeepGoing(true);
                    breakOff(failure);
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void take(Line line) {
            try {
                if (line instanceof Line.Text text) {
                    Change change = text.isBlank() ? null : text.change();
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

        private void publish(Change change) {
            bytesUnderWay += change.weight();
            underWay.add(new Sent(lines, feed.publish(change, wakeup::signal)));
        }

        /** What was published stays published, and the client is told how much that is. */
        private void breakOff(Throwable failure) {
            Problem why = Body.problem(failure);
            if (why == null) {
                outcome.completeExceptionally(failure);
                completeStage();
            } else {
                fail(lines + 1, why);
                look();
            }
        }

        private void fail(long line, ErrorCode code, String message) {
            fail(line, Problem.of(StatusCodes.BAD_REQUEST, code, message));
        }

        /** The first in the order of the lines. */
        private void fail(long line, Problem problem) {
            if (failed == null || line < failed.line()) {
                failed = new Failed(line, problem);
            }
        }

        /** Settles what can be, and goes on or ends. */
        private void look() {
            wakeup.reset();
            for (Sent first = underWay.peek();
                    first != null && first.publication().isSettled();
                    first = underWay.peek()) {
                settle(underWay.remove());
            }
            if (isClosed(in) || failed != null) {
                if (underWay.isEmpty()) {
                    outcome.complete(new Outcome(accepted, lastSeq, failed));
                    completeStage();
                }
            } else if (!hasBeenPulled(in) && isRoom()) {
                pull(in);
            }
        }

        private boolean isRoom() {
            if (underWay.size() >= mostUnderWay || bytesUnderWay >= mostBytesUnderWay) {
                return false;
            }
            if (feed.hasRoom()) {
                return true;
            }
            feed.awaitRoom(wakeup);
            return false;
        }

        private void settle(Sent sent) {
            Publication publication = sent.publication();
            bytesUnderWay -= publication.change().weight();
            if (publication.refusal() == null) {
                accepted++;
                lastSeq = publication.seq();
            } else if (publication.refusal() == Publication.Refusal.DRAINING) {
                fail(sent.line(), Problem.unavailable(ErrorCode.DRAINING, "the server is about to stop"));
            } else if (publication.refusal() == Publication.Refusal.TOO_LARGE) {
                fail(
                        sent.line(),
                        ErrorCode.TOO_LARGE,
                        "the document is longer than " + feed.documentLimit() + ": send a smaller one");
            } else if (publication.refusal() == Publication.Refusal.STORE_DAMAGED) {
                fail(sent.line(), Problem.damaged("the store cannot take this change"));
            } else {
                fail(sent.line(), Problem.unavailable(ErrorCode.STORE_FAILED, "the store could not take this change"));
            }
        }

        @Override
        public void postStop() {
            outcome.completeExceptionally(new IllegalStateException("the connection ended"));
        }
    }
}
