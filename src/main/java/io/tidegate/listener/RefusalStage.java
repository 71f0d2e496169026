package io.tidegate.listener;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says one word to a client, when it has said enough for that itself, and then discards what it still sends. */
final class RefusalStage extends GraphStage<FlowShape<ByteString, ByteString>> {

    /** What the client is told. */
    interface Word {

        /**
         * Decides once.
         *
         * @param said what the client has said so far
         * @param isAll it has said all, or is not waited for any longer: there has to be an answer now
         * @return null if more has to be known
         */
        @Nullable
        ByteString to(ByteString said, boolean isAll);
    }

    private final Inlet<ByteString> in = Inlet.create("Refusal.in");
    private final Outlet<ByteString> out = Outlet.create("Refusal.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Word word;
    private final Duration patience;

    /**
     * The stage of one connection.
     *
     * @param patience how long the client may take to say enough
     */
    RefusalStage(Word word, Duration patience) {
        this.word = word;
        this.patience = patience;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private ByteString said = ByteString.emptyByteString();
        private boolean isOver;

        Logic() {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    ByteString more = grab(in);
                    if (!isOver) {
                        said = said.concat(more);
                        answer(false);
                    }
                    pull(in);
                }

                @Override
                public void onUpstreamFinish() {
                    answer(true);
                    if (isClosed(out)) {
                        completeStage();
                    }
                }

                @Override
                public void onPull() {
                    // What is to be said is emitted when it is known.
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    if (!isOver) {
                        completeStage();
                    }
                }
            });
        }

        @Override
        public void preStart() {
            answer(false);
            if (!isOver) {
                scheduleOnce(word, patience);
            }
            pull(in);
        }

        @Override
        public void onTimer(Object key) {
            answer(true);
        }

        private void answer(boolean isAll) {
            ByteString answer = isOver ? null : word.to(said, isAll);
            if (answer != null) {
                isOver = true;
                said = ByteString.emptyByteString();
                emit(out, answer, () -> complete(out));
            }
        }
    }
}
