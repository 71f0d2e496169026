package io.tidegate.connection;

import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.FlowShape;
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
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Goodbye;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is spoken on a connection between the two ends of its socket, and decides how the connection ends.
 *
 * <pre>
 *  TCP ─► gate: reads, then discards ─► talk: decoder ─► dialogue ─┐
 *                                                                  ├─ turn: poll
 *               wakeup ─► a thread that gives turns ───────────────┘    │
 *  TCP ◄─ stage: pieces of a rest ◄─── outbound ◄───────────────────────┘
 *  socket ◄──────────────────────────────┘ as much as the kernel takes
 * </pre>
 *
 * <p>A turn is taken by any thread, one at a time; only what concerns the ports is done on the stage: pieces of a rest, the end.
 *
 * <p><b>FIN or RST.</b> To the TCP stage, completion is FIN and failure is RST with SO_LINGER 0. Next to the socket, an abort reaches
 * it in every state: in a write to a stuck client, while waiting for the client's FIN, or when the client closed first. After our
 * FIN the gate goes on reading and discarding, or unread input would turn our FIN into a RST.
 */
final class DialogueStage
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, ByteString>, ConnectionControl> {

    private static final Logger log = LoggerFactory.getLogger(DialogueStage.class);

    /** Writes after which a connection queues up for its next turn: a long snapshot must not hold up live followers. */
    private static final int WRITES_IN_A_TURN = 4;

    /** Pipelined requests of which each is answered before the next is looked at, until others have their turn. */
    private static final int ROUNDS_AT_ONCE = 16;

    private final Inlet<ByteString> in = Inlet.create("Dialogue.in");
    private final Outlet<ByteString> out = Outlet.create("Dialogue.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final long connectionId;
    private final Peer firstPeer;
    private final Outbound outbound;
    private final Executor turns;
    private final Opening first;

    /** The stage of one connection; the monitor of its way out is its lock, and {@code turns} takes who was woken. */
    DialogueStage(long connectionId, Peer peer, Outbound outbound, Executor turns, Opening first) {
        this.connectionId = connectionId;
        this.firstPeer = peer;
        this.outbound = outbound;
        this.turns = turns;
        this.first = first;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, ConnectionControl> createLogicAndMaterializedValuePair(Attributes inherited) {
        var logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements ConnectionControl, Runnable {

        private final AsyncCallback<Runnable> onStage = createAsyncCallback(Runnable::run);
        private final Runnable advance = this::advance;
        private final CompletableFuture<Ending> ended = new CompletableFuture<>();
        private final Wakeup wakeup = new Wakeup(turns, this);
        private final KernelQueue queue = new KernelQueue(outbound, turns, wakeup);

        // Guarded by the outbound's monitor, as is all that is spoken.
        private final End end = new End();
        private final Conversation conversation =
                new Conversation(connectionId, first, firstPeer, wakeup, () -> outbound.hasUnread(received()));
        private long received;
        private boolean reading = true;
        private boolean inputAsked;

        /** Nothing more is said: all was, or the rest was dropped, or the dialogue has failed. */
        private boolean over;

        private @Nullable Throwable bug;

        Logic() {
            super(shape);
            setHandler(in, new FromTcp());
            setHandler(out, new ToTcp());
        }

        private final class FromTcp extends AbstractInHandler {
            @Override
            public void onPush() {
                ByteString bytes = grab(in);
                synchronized (outbound) {
                    received += bytes.size();
                    inputAsked = false;
                    if (reading) {
                        conversation.take(outbound.channel().read(bytes));
                        endInputIfOver();
                    }
                }
                advance();
            }

            @Override
            public void onUpstreamFinish() {
                synchronized (outbound) {
                    // The client may have closed only its own side: it still gets all that it asked for.
                    end.peerEnded(outbound.sent().bytesUnsent() == 0);
                    conversation.inputEnded();
                }
                advance();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
                peerFails();
            }
        }

        /** A client that says no more may still listen. */
        private void endInputIfOver() {
            Channel channel = outbound.channel();
            CloseReason broken = channel.broken();
            if (broken != null) {
                end.broken(broken);
                endOutput();
                outbound.cut();
            } else if (channel.isInputOver()) {
                end.inputEnded();
                conversation.inputEnded();
            }
        }

        /** The kernel took the last piece over. */
        private final class ToTcp extends AbstractOutHandler {
            @Override
            public void onPull() {
                outbound.asked();
                advance();
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

        private void peerFails() {
            synchronized (outbound) {
                end.peerFailed();
            }
            completeStage();
        }

        private void abortNow(CloseReason why) {
            synchronized (outbound) {
                end.aborted(why);
            }
            failStage(new Abort(why));
        }

        // ---- turns

        @Override
        public void preStart() {
            advance();
        }

        @Override
        public void run() {
            boolean stageNeeded;
            synchronized (outbound) {
                // Whether or not it may be polled now: while a write is stuck it may be told to end.
                wakeup.reset();
                try {
                    turn();
                    stageNeeded = isStageNeeded();
                } catch (RuntimeException | Error e) {
                    // On a thread that gives turns there is nobody to tell: the stage fails, and its connection.
                    fails(e);
                    stageNeeded = true;
                }
            }
            if (stageNeeded) {
                onStage.invoke(advance);
            }
        }

        private boolean isStageNeeded() {
            return outbound.isPieceDue()
                    || (!over
                            && (conversation.dialogue().isFinished()
                                    || conversation.isMoreToRead()
                                    || (reading && !conversation.dialogue().listens())))
                    || isInputWanted();
        }

        private boolean isInputWanted() {
            return !inputAsked && !end.hasPeerEnded() && (!reading || conversation.wantsBytes());
        }

        /** A turn on the stage's thread, and what only there can be done. */
        private void advance() {
            synchronized (outbound) {
                try {
                    // Before it is polled, too: what it is given may depend on how many are blocked.
                    tellBlocked();
                    converse();
                    tellBlocked();
                    serveOutput();
                    if (isInputWanted()) {
                        inputAsked = true;
                        pull(in);
                    }
                } catch (RuntimeException | Error e) {
                    fails(e);
                }
                if (bug != null) {
                    log.error("Connection #{} is aborted: internal error", connectionId, bug);
                    abortNow(CloseReason.INTERNAL_ERROR);
                }
            }
        }

        private void fails(Throwable failure) {
            over = true;
            bug = failure;
        }

        private void tellBlocked() {
            if (!over) {
                conversation.blocked(outbound.blockedSince() != 0);
            }
        }

        /** Not without end, however much came at once: others wait for this thread, and for the lock. */
        private void converse() {
            boolean goesOn = !over;
            for (int round = 0; goesOn && round < ROUNDS_AT_ONCE; round++) {
                conversation.read();
                turn();
                goesOn = !over && (stopsListening() || goesOnAsAnother() || conversation.isMoreToRead());
            }
            if (goesOn) {
                onStage.invoke(advance);
            }
        }

        /** Writes what the client is owed, until there is nothing, or the socket takes no more. */
        private void turn() {
            int writes = 0;
            Dialogue<?> dialogue = conversation.dialogue();
            while (!over && outbound.isOpen() && !dialogue.isFinished() && !queue.isTooLongFor(dialogue)) {
                EventLines lines = dialogue.poll();
                if (lines == null) {
                    return;
                }
                if (outbound.write(lines) && ++writes == WRITES_IN_A_TURN) {
                    wakeup.signal();
                    return;
                }
            }
        }

        private boolean stopsListening() {
            if (!reading || conversation.dialogue().listens()) {
                return false;
            }
            reading = false;
            conversation.inputEnded();
            return true;
        }

        /** One dialogue gives way to another, with the bytes that it did not take. */
        private boolean goesOnAsAnother() {
            if (!conversation.goOnAsAnother()) {
                return false;
            }
            endInputIfOver();
            if (end.hasPeerEnded() || !reading) {
                conversation.inputEnded();
            }
            conversation.sayGoodbyeAgain();
            return true;
        }

        private void serveOutput() {
            if (!over && outbound.channel().broken() != null) {
                endInputIfOver();
            }
            if (!over && conversation.dialogue().isFinished()) {
                end.spoken(conversation.dialogue().endReason());
                endOutput();
                outbound.end();
            }
            ByteString piece = outbound.piece();
            if (piece != null) {
                push(out, piece);
            }
            if (outbound.isFinished() && !isClosed(out)) {
                end.finished();
                complete(out);
            }
        }

        /** Nothing more is said, and nothing more is heard. */
        private void endOutput() {
            over = true;
            reading = false;
            conversation.release();
        }

        @Override
        public void postStop() {
            Ending ending;
            synchronized (outbound) {
                outbound.stop();
                over = true;
                conversation.release();
                ending = end.ending(conversation.dialogue().endReason(), received, outbound.sent());
            }
            // Without the lock: who waits for it is not known here.
            ended.complete(ending);
        }

        // ---- from outside: any thread

        @Override
        public void shutdown(Goodbye last) {
            synchronized (outbound) {
                end.expect(last.reason());
                conversation.sayGoodbye(last, !over);
            }
            wakeup.signal();
        }

        @Override
        public void close(CloseReason why) {
            onStage.invoke(() -> {
                synchronized (outbound) {
                    end.closed(why);
                    if (!over) {
                        endOutput();
                    }
                    outbound.cut();
                }
                advance();
            });
        }

        @Override
        public void abort(CloseReason why) {
            onStage.invoke(() -> abortNow(why));
        }

        @Override
        public void letGo() {
            onStage.invoke(() -> {
                synchronized (outbound) {
                    if (end.letGo()) {
                        // To the TCP stage that has sent FIN the end of its output is an ordinary close.
                        completeStage();
                    }
                }
            });
        }

        @Override
        public Conversation conversation() {
            return conversation;
        }

        @Override
        public CompletionStage<Ending> ended() {
            return ended;
        }

        @Override
        public boolean awaitsInput() {
            synchronized (outbound) {
                return inputAsked;
            }
        }

        @Override
        public boolean hasPeerEnded() {
            synchronized (outbound) {
                return end.hasPeerEnded();
            }
        }

        @Override
        public long received() {
            synchronized (outbound) {
                return received;
            }
        }
    }
}
