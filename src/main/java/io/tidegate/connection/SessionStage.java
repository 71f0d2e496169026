package io.tidegate.connection;

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
import io.tidegate.feed.Feed;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Line;

/** Runs a {@link Session} in a stream: lines in, event lines out, and a wakeup from outside between them. */
final class SessionStage extends AbstractGraphStageWithMaterializedValue<FlowShape<Line, ByteString>, Session> {

    private final Inlet<Line> in = Inlet.create("Session.in");
    private final Outlet<ByteString> out = Outlet.create("Session.out");
    private final FlowShape<Line, ByteString> shape = FlowShape.of(in, out);
    private final Feed feed;
    private final ConnectionSettings settings;

    SessionStage(Feed feed, ConnectionSettings settings) {
        this.feed = feed;
        this.settings = settings;
    }

    @Override
    public FlowShape<Line, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Session> createLogicAndMaterializedValuePair(Attributes inheritedAttributes) {
        var logic = new Logic();
        return Pair.create(logic, logic.session);
    }

    private final class Logic extends GraphStageLogic {

        private final Session session;

        Logic() {
            super(shape);
            AsyncCallback<Boolean> callback = createAsyncCallback(signal -> advance());
            session = new Session(feed, settings, new Wakeup(() -> callback.invoke(Boolean.TRUE)));
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    session.line(grab(in));
                    advance();
                }

                @Override
                public void onUpstreamFinish() {
                    session.inputEnded();
                    advance();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    advance();
                }
            });
        }

        @Override
        public void preStart() {
            pull(in);
        }

        private void advance() {
            if (isAvailable(out)) {
                ByteString lines = session.poll();
                if (lines != null) {
                    push(out, lines);
                }
                if (session.isFinished()) {
                    completeStage();
                    return;
                }
            }
            if (session.wantsLine() && !isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        @Override
        public void postStop() {
            session.close();
        }
    }
}
