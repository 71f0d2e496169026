package io.tidegate.http;

import akka.Done;
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
 * feed has no room, the body is not read. After the first line that is wrong or refused no more are published, but the body is
 * still read to its end, so that the answer reaches a client that is still sending.
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
     * A line that was not accepted.
     *
     * @param line counted from 1, empty lines included
     */
    record Failed(long line, ErrorCode code, String message) {}

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
                    // What was published stays published; there is nobody to tell.
                    outcome.completeExceptionally(failure);
                    completeStage();
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void take(Line line) {
            if (failed != null) {
                return;
            }
            try {
                if (line instanceof Line.Text text) {
                    if (!text.isBlank()) {
                        publish(text.change());
                    }
                } else if (line instanceof Line.TooLong tooLong) {
                    fail(lines, ErrorCode.LINE_TOO_LONG, "the line is longer than " + tooLong.maxBytes() + " bytes");
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

        /** The first in the order of the lines. */
        private void fail(long line, ErrorCode code, String message) {
            if (failed == null || line < failed.line()) {
                failed = new Failed(line, code, message);
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
            if (isClosed(in)) {
                if (underWay.isEmpty()) {
                    outcome.complete(new Outcome(accepted, lastSeq, failed));
                    completeStage();
                }
            } else if (!hasBeenPulled(in) && isRoom()) {
                pull(in);
            }
        }

        private boolean isRoom() {
            if (failed != null) {
                return true;
            }
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
                fail(sent.line(), ErrorCode.DRAINING, "the server is about to stop: send it after reconnecting");
            } else {
                fail(sent.line(), ErrorCode.STORE_FAILED, "the store could not take this change: try again later");
            }
        }

        @Override
        public void postStop() {
            outcome.completeExceptionally(new IllegalStateException("the connection ended"));
        }
    }
}
