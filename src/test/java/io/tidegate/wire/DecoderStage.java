package io.tidegate.wire;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.util.function.Supplier;

/**
 * A decoder in a stream: elements are given as they are asked for, and no chunk is asked for while elements are left in the
 * one before.
 *
 * <p>It never fails: a failure would reset the connection and take earlier valid elements of the same chunk with it.
 *
 * @param <I> chunks
 * @param <O> what is found in them
 */
public final class DecoderStage<I, O> extends GraphStage<FlowShape<I, O>> {

    private final Inlet<I> in;
    private final Outlet<O> out;
    private final FlowShape<I, O> shape;
    private final Supplier<? extends Decoder<I, O>> decoders;

    private DecoderStage(String name, Supplier<? extends Decoder<I, O>> decoders) {
        in = Inlet.create(name + ".in");
        out = Outlet.create(name + ".out");
        shape = FlowShape.of(in, out);
        this.decoders = decoders;
    }

    /**
     * A stage that may be materialized any number of times.
     *
     * @param decoders makes the decoder of each materialization
     */
    public static <I, O> DecoderStage<I, O> create(String name, Supplier<? extends Decoder<I, O>> decoders) {
        return new DecoderStage<>(name, decoders);
    }

    @Override
    public FlowShape<I, O> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic(decoders.get());
    }

    private final class Logic extends GraphStageLogic {

        Logic(Decoder<I, O> decoder) {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    decoder.take(grab(in));
                    onPull();
                }

                @Override
                public void onPull() {
                    O element = decoder.next();
                    if (element != null) {
                        push(out, element);
                    } else if (isClosed(in)) {
                        finish();
                    } else if (!hasBeenPulled(in)) {
                        pull(in);
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    if (isAvailable(out)) {
                        onPull();
                    }
                }

                private void finish() {
                    O last = decoder.last();
                    if (last != null) {
                        push(out, last);
                    }
                    completeStage();
                }
            });
        }
    }
}
