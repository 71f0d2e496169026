package io.tidegate.connection;

import akka.Done;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Session} in a stream: requests in, event lines out, and turns from outside between them.
 *
 * <pre>
 *  input ► stage ──┐                          ┌─► socket, as much as the kernel takes
 *                  ├─► turn: poll the session ┤
 *  wakeup ► carrier┘                          └─► stage ─► guard ─► TCP, the rest
 * </pre>
 *
 * <p>A turn may be taken by any thread, one at a time: it needs nothing of the stream as long as the guard has asked for bytes
 * and the socket takes them. Only what concerns the ports is done on the stage: a rest, the end, the next line.
 */
final class SessionStage<I> extends AbstractGraphStageWithMaterializedValue<FlowShape<I, EventLines>, Dialogue> {

    /** Writes after which a connection queues up for its next turn: a long snapshot must not hold up live followers. */
    private static final int WRITES_IN_A_TURN = 4;

    private final Inlet<I> in = Inlet.create("Session.in");
    private final Outlet<EventLines> out = Outlet.create("Session.out");
    private final FlowShape<I, EventLines> shape = FlowShape.of(in, out);
    private final Feed feed;
    private final ConnectionSettings settings;
    private final Carriers carriers;
    private final SocketWriter socket;
    private final Dialect<I> dialect;
    private final @Nullable Request opening;

    /**
     * The stage of one session.
     *
     * @param dialect how its client is spoken to
     * @param opening its only request; null if requests come from the client
     */
    SessionStage(
            Feed feed,
            ConnectionSettings settings,
            Carriers carriers,
            SocketWriter socket,
            Dialect<I> dialect,
            @Nullable Request opening) {
        this.feed = feed;
        this.settings = settings;
        this.carriers = carriers;
        this.socket = socket;
        this.dialect = dialect;
        this.opening = opening;
    }

    @Override
    public FlowShape<I, EventLines> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Dialogue> createLogicAndMaterializedValuePair(Attributes inheritedAttributes) {
        var logic = new Logic();
        return Pair.create(logic, logic.session);
    }

    /** Its run is a turn on a carrier's thread. */
    private final class Logic extends GraphStageLogic implements Runnable {

        private final AsyncCallback<Done> onStage = createAsyncCallback(done -> advance());
        private final Wakeup wakeup = new Wakeup(carriers, this);
        private final Session session = new Session(feed, settings, dialect, wakeup);

        // Guarded by session, as the session itself is.
        /** The guard has asked for bytes, so all that came before is with the kernel. */
        private boolean wanted;

        private boolean holding;
        private boolean inputAsked;
        private @Nullable EventLines rest;
        private @Nullable Throwable bug;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    synchronized (session) {
                        inputAsked = false;
                        session.heard();
                        dialect.take(grab(in), session);
                    }
                    advance();
                }

                @Override
                public void onUpstreamFinish() {
                    synchronized (session) {
                        session.inputEnded();
                    }
                    advance();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    synchronized (session) {
                        wanted = true;
                        stopHolding();
                    }
                    advance();
                }
            });
        }

        @Override
        public void preStart() {
            if (opening == null) {
                askForInput();
            } else {
                session.answerOnly(opening);
                cancel(in);
            }
        }

        @Override
        public void run() {
            boolean stageNeeded;
            synchronized (session) {
                turn();
                stageNeeded = rest != null || bug != null || session.isFinished() || isInputWanted();
            }
            if (stageNeeded) {
                onStage.invoke(Done.getInstance());
            }
        }

        /** A turn on the stage's thread. */
        private void advance() {
            synchronized (session) {
                turn();
                if (bug != null) {
                    failStage(bug);
                    return;
                }
                if (rest != null) {
                    push(out, rest);
                    rest = null;
                    wanted = false;
                    holding = true;
                    feed.startHolding();
                }
                if (session.isFinished()) {
                    completeStage();
                    return;
                }
                if (isInputWanted()) {
                    askForInput();
                }
            }
        }

        private boolean isInputWanted() {
            return session.wantsInput() && !inputAsked;
        }

        private void askForInput() {
            if (!isClosed(in)) {
                inputAsked = true;
                pull(in);
            }
        }

        /** Writes what the client is owed, until there is nothing, or the socket takes no more. */
        private void turn() {
            try {
                int writes = 0;
                while (wanted && rest == null && !session.isFinished()) {
                    EventLines lines = session.poll();
                    if (lines == null) {
                        return;
                    }
                    if (!socket.write(lines)) {
                        rest = lines;
                    } else if (++writes == WRITES_IN_A_TURN) {
                        wakeup.signal();
                        return;
                    }
                }
            } catch (RuntimeException | Error e) {
                // On a carrier's thread there is nobody to tell: the stage fails, and with it this one connection.
                bug = e;
            }
        }

        private void stopHolding() {
            if (holding) {
                holding = false;
                feed.stopHolding();
            }
        }

        @Override
        public void postStop() {
            synchronized (session) {
                wanted = false;
                stopHolding();
                session.close();
            }
        }
    }
}
