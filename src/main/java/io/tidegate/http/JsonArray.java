package io.tidegate.http;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;

/** Makes one JSON array of pieces of whole lines, each line a JSON value. */
final class JsonArray extends GraphStage<FlowShape<ByteString, ByteString>> {

    private static final ByteString EMPTY = ByteString.fromString("[]\n");
    private static final ByteString END = ByteString.fromString("\n]\n");

    private final Inlet<ByteString> in = Inlet.create("JsonArray.in");
    private final Outlet<ByteString> out = Outlet.create("JsonArray.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

    private JsonArray() {}

    static JsonArray create() {
        return new JsonArray();
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {

        private boolean begun;

        Logic() {
            super(shape);
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    push(out, elements(grab(in).toArrayUnsafe()));
                    begun = true;
                }

                @Override
                public void onPull() {
                    pull(in);
                }

                @Override
                public void onUpstreamFinish() {
                    emit(out, begun ? END : EMPTY, JsonArray.Logic.this::completeStage);
                }
            });
        }

        /** A comma before each line but the very first; a newline only between them. */
        private ByteString elements(byte[] lines) {
            int count = 0;
            for (byte b : lines) {
                count += b == '\n' ? 1 : 0;
            }
            byte[] elements = new byte[lines.length + count];
            int length = 0;
            boolean first = !begun;
            boolean lineBegins = true;
            for (byte b : lines) {
                if (b == '\n') {
                    lineBegins = true;
                    continue;
                }
                if (lineBegins) {
                    lineBegins = false;
                    elements[length++] = (byte) (first ? '[' : ',');
                    elements[length++] = '\n';
                    first = false;
                }
                elements[length++] = b;
            }
            return ByteString.fromArrayUnsafe(elements, 0, length);
        }
    }
}
