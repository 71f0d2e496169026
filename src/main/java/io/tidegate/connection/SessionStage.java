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
import akka.util.ByteString;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Decoder;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Session} in a stream: bytes in, event lines out, and turns from outside between them.
 *
 * <pre>
 *  bytes ► stage: decoder ─┐                          ┌─► socket, as much as the kernel takes
 *                          ├─► turn: poll the session ┤
 *        wakeup ► carrier ─┘                          └─► stage ─► guard ─► TCP, the rest
 * </pre>
 *
 * <p>A turn may be taken by any thread, one at a time: it needs nothing of the stream as long as the guard has asked for bytes
 * and the socket takes them. Only what concerns the ports is done on the stage: a rest, the end, the next bytes. What came is
 * given to the session as far as it wants it, and only when that is used up is more asked for.
 */
final class SessionStage<I>
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, EventLines>, Dialogue> {

    /** Writes after which a connection queues up for its next turn: a long snapshot must not hold up live followers. */
    private static final int WRITES_IN_A_TURN = 4;

    private final Inlet<ByteString> in = Inlet.create("Session.in");
    private final Outlet<EventLines> out = Outlet.create("Session.out");
    private final FlowShape<ByteString, EventLines> shape = FlowShape.of(in, out);
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
    public FlowShape<ByteString, EventLines> shape() {
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

        private final Decoder<ByteString, I> decoder = dialect.decoder(settings.maxLineBytes());

        /** Not everything that came was read, or not its end. */
        private boolean unread;

        private @Nullable EventLines rest;
        private @Nullable Throwable bug;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    synchronized (session) {
                        inputAsked = false;
                        decoder.take(grab(in));
                        unread = true;
                    }
                    advance();
                }

                @Override
                public void onUpstreamFinish() {
                    synchronized (session) {
                        unread = true;
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
                do {
                    read();
                    turn();
                } while (isMoreToRead());
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

        /** Gives the session what came, as far as it wants it; it has one frame at a time to answer. */
        private void read() {
            boolean owesFrame = false;
            while (!owesFrame && isMoreToRead()) {
                I element = decoder.next();
                if (element != null) {
                    session.heard();
                    dialect.take(element, session);
                    owesFrame = session.owesFrame();
                } else {
                    unread = false;
                    session.begun(decoder.begun());
                    if (isClosed(in)) {
                        readEnd();
                    }
                }
            }
        }

        private void readEnd() {
            I last = decoder.last();
            if (last != null) {
                dialect.take(last, session);
            }
            session.inputEnded();
        }

        private boolean isMoreToRead() {
            return unread && bug == null && session.wantsInput();
        }

        private boolean isInputWanted() {
            return session.wantsInput() && (unread || !inputAsked);
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
