package io.tidegate.connection;

import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.SubscriptionWithCancelException;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the socket and everything else, and decides how the connection ends.
 *
 * <pre>
 *            ┌───────────────────────────────┐
 *  fromTcp ─►│ gate: passes, then discards   │─► toSession
 *    socket  │                               │    lines, session
 *    toTcp ◄─│ flush guard: one write at once│◄─ fromSession
 *            └───────────────────────────────┘
 * </pre>
 *
 * <p><b>Flushed.</b> While the TCP stage has nothing to write, bytes are written to the socket directly, and are with the kernel
 * when the call returns. When its buffer is full, the next small piece is pushed to the TCP stage, only to wait until the
 * socket is writable, and the rest is written directly again. With {@code tcpWriteBufferSize(1)} and write coalescing on, the
 * TCP stage pulls again only after the kernel took the last piece over. So when this stage has been pulled after its last push,
 * every byte is with the kernel.
 *
 * <p><b>FIN or RST.</b> To the TCP stage, completion is FIN and failure is RST with SO_LINGER 0. FIN goes to the socket
 * directly before that, so that the client does not wait for the TCP stage's turn. Next to the socket, an abort
 * reaches it in every state: in the middle of a write to a stuck client, while waiting for the client's FIN, or when the
 * client closed first. After our FIN the gate goes on reading and discarding, or the client's FIN would never be seen and
 * unread input would turn our FIN into a RST.
 */
final class ConnectionGuard
        extends AbstractGraphStageWithMaterializedValue<
                BidiShape<ByteString, ByteString, EventLines, ByteString>, ConnectionGuard.Control> {

    private static final Logger log = LoggerFactory.getLogger(ConnectionGuard.class);

    /** What the outside may do to a running connection, and what it may know. Thread-safe. */
    interface Control {

        /** Says why the connection ends if it ends in good order from now on; the first reason counts. */
        void expectEnd(CloseReason reason);

        /** Ends the session's input; what comes from the client from now on is discarded. */
        void stopReading();

        /** Drops what was not handed to TCP, then sends FIN. */
        void close(CloseReason reason);

        /** Sends RST at once. */
        void abort(CloseReason reason);

        /**
         * Leaves the rest to the kernel after our FIN: waits for the client's no longer. Only when nothing can be lost by it: with
         * input unread it would be a RST.
         */
        void letGo();

        /** Completes, never fails, when the stream has ended. */
        CompletionStage<Ending> ended();

        /** {@link System#nanoTime} of the write that the kernel has not taken over; 0 if there is none. */
        long writingSince();

        /** {@link System#nanoTime} of our FIN; 0 before. */
        long finishedAt();

        /** Whether the client has closed its side. */
        boolean hasPeerEnded();

        /** Bytes read from the client. */
        long received();
    }

    /** The failure with which the stage resets the socket. */
    private static final class Abort extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abort(CloseReason reason) {
            super(reason.code(), null, false, false);
        }
    }

    private final Inlet<ByteString> fromTcp = Inlet.create("Guard.fromTcp");
    private final Outlet<ByteString> toSession = Outlet.create("Guard.toSession");
    private final Inlet<EventLines> fromSession = Inlet.create("Guard.fromSession");
    private final Outlet<ByteString> toTcp = Outlet.create("Guard.toTcp");
    private final BidiShape<ByteString, ByteString, EventLines, ByteString> shape =
            BidiShape.of(fromTcp, toSession, fromSession, toTcp);
    private final long connectionId;
    private final SocketWriter socket;

    /**
     * The guard of one connection.
     *
     * @param connectionId names the connection in the log
     * @param socket writes to the connection's socket directly
     */
    ConnectionGuard(long connectionId, SocketWriter socket) {
        this.connectionId = connectionId;
        this.socket = socket;
    }

    @Override
    public BidiShape<ByteString, ByteString, EventLines, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes inheritedAttributes) {
        var logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements Control {

        private final AsyncCallback<Runnable> onStage = createAsyncCallback(Runnable::run);
        private final CompletableFuture<Ending> ended = new CompletableFuture<>();

        private volatile long bytesReceived;
        /** What is being sent; a piece of it is with the TCP stage. */
        private @Nullable EventLines sending;

        private int pieceBytes;
        private boolean reading = true;
        private volatile boolean peerEnded;
        private boolean letGo;

        /** When the client closed its side it had taken all that had been written. */
        private boolean peerWasServed;

        private boolean outputEnds;
        private boolean closing;
        private boolean finished;
        private boolean peerFailed;
        private @Nullable CloseReason reason;
        private volatile @Nullable CloseReason expected;
        private @Nullable CloseReason abortedFor;

        private volatile long writingSince;
        private volatile long finishedAt;

        Logic() {
            super(shape);
            setHandler(fromTcp, new FromTcp());
            setHandler(toSession, new ToSession());
            setHandler(fromSession, new FromSession());
            setHandler(toTcp, new ToTcp());
        }

        /** Bytes from the client. */
        private final class FromTcp extends AbstractInHandler {
            @Override
            public void onPush() {
                ByteString bytes = grab(fromTcp);
                count(bytes.size());
                if (reading) {
                    push(toSession, bytes);
                } else {
                    pull(fromTcp);
                }
            }

            @Override
            public void onUpstreamFinish() {
                peerEnded = true;
                peerWasServed = socket.sent().bytesUnsent() == 0;
                // The client may have closed only its own side: it still gets all that it asked for.
                complete(toSession);
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                peerFails();
            }
        }

        /** Lines are wanted. */
        private final class ToSession extends AbstractOutHandler {
            @Override
            public void onPull() {
                if (!isClosed(fromTcp)) {
                    pull(fromTcp);
                }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                discardInput();
            }
        }

        /** Event lines for the client. */
        private final class FromSession extends AbstractInHandler {
            @Override
            public void onPush() {
                EventLines lines = grab(fromSession);
                if (socket.write(lines)) {
                    pull(fromSession);
                } else {
                    pushPiece(lines);
                }
            }

            @Override
            public void onUpstreamFinish() {
                if (reason == null) {
                    CloseReason by = peerEnded ? CloseReason.PEER_CLOSED : CloseReason.QUIT;
                    reason = expected == null ? by : expected;
                }
                endOutput();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                log.error("Connection #{} is aborted: internal error", connectionId, failure);
                abortNow(CloseReason.INTERNAL_ERROR);
            }
        }

        /** The kernel took the last write over. */
        private final class ToTcp extends AbstractOutHandler {
            @Override
            public void onPull() {
                EventLines lines = sending;
                sending = null;
                writingSince = 0;
                if (lines != null && !socket.pieceTaken(pieceBytes) && !closing && !socket.write(lines)) {
                    pushPiece(lines);
                } else if (outputEnds) {
                    finish();
                } else {
                    pull(fromSession);
                }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                if (cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
                    completeStage();
                } else {
                    peerFails();
                }
            }
        }

        /** On the stage only. */
        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void count(int bytes) {
            bytesReceived += bytes;
        }

        private void pushPiece(EventLines lines) {
            ByteString piece = socket.piece();
            sending = lines;
            pieceBytes = piece.size();
            writingSince = System.nanoTime();
            push(toTcp, piece);
        }

        private void discardInput() {
            reading = false;
            if (!isClosed(fromTcp) && !hasBeenPulled(fromTcp)) {
                pull(fromTcp);
            }
        }

        private void endOutput() {
            outputEnds = true;
            if (sending == null && !finished) {
                finish();
            }
        }

        /** Every byte is with the kernel: FIN. */
        private void finish() {
            finished = true;
            // In this order: once the client sees the FIN, everybody else does.
            finishedAt = System.nanoTime();
            socket.finish();
            complete(toTcp);
        }

        private void peerFails() {
            peerFailed = true;
            completeStage();
        }

        private void abortNow(CloseReason why) {
            abortedFor = why;
            failStage(new Abort(why));
        }

        @Override
        public void postStop() {
            socket.stop();
            ended.complete(ending());
        }

        private Ending ending() {
            Ending.Outcome outcome = outcome();
            return new Ending(outcome, endReason(outcome), bytesReceived, socket.sent());
        }

        private Ending.Outcome outcome() {
            if (finished && (peerEnded || letGo) && abortedFor == null) {
                return Ending.Outcome.COMPLETED;
            }
            if (!peerFailed) {
                return Ending.Outcome.ABORTED;
            }
            // A system answers what comes for a closed socket by a reset: after a FIN that is no news.
            return peerWasServed ? Ending.Outcome.LEFT : Ending.Outcome.RESET_BY_PEER;
        }

        private CloseReason endReason(Ending.Outcome outcome) {
            return switch (outcome) {
                case COMPLETED -> reason == null ? CloseReason.PEER_CLOSED : reason;
                case RESET_BY_PEER -> CloseReason.PEER_RESET;
                case LEFT -> CloseReason.PEER_CLOSED;
                case ABORTED -> abortedFor == null ? CloseReason.ABORTED : abortedFor;
            };
        }

        // ---- Control: any thread

        @Override
        public void expectEnd(CloseReason why) {
            expected = expected == null ? why : expected;
        }

        @Override
        public void stopReading() {
            onStage.invoke(() -> {
                complete(toSession);
                discardInput();
            });
        }

        @Override
        public void close(CloseReason why) {
            onStage.invoke(() -> {
                if (!finished) {
                    reason = why;
                }
                closing = true;
                complete(toSession);
                discardInput();
                cancel(fromSession);
                endOutput();
            });
        }

        @Override
        public void abort(CloseReason why) {
            onStage.invoke(() -> abortNow(why));
        }

        @Override
        public void letGo() {
            onStage.invoke(() -> {
                if (finished && !peerEnded) {
                    letGo = true;
                    // To the TCP stage that has sent FIN the end of its output is an ordinary close.
                    completeStage();
                }
            });
        }

        @Override
        public CompletionStage<Ending> ended() {
            return ended;
        }

        @Override
        public long writingSince() {
            return writingSince;
        }

        @Override
        public long finishedAt() {
            return finishedAt;
        }

        @Override
        public boolean hasPeerEnded() {
            return peerEnded;
        }

        @Override
        public long received() {
            return bytesReceived;
        }
    }
}
