package io.tidegate.http;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.RequestEntity;
import akka.http.javadsl.model.StatusCodes;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Materializer;
import akka.stream.Outlet;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.tidegate.connection.PlainStage;
import io.tidegate.wire.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, taken as a whole or piece by piece, once.
 *
 * <p>The connection watches it while it comes, and may end it before its end: because it is too slow, or because the connection
 * is about to end. Then whoever takes it sees it fail with the answer for the client, which is sent at once: what had come
 * before is not lost, and what the client still sends is discarded.
 */
final class Body {

    private static final AttributeKey<Body> KEY = AttributeKey.create("tidegate-body", Body.class);

    private static final Problem TIMED_OUT =
            Problem.of(StatusCodes.REQUEST_TIMEOUT, ErrorCode.TIMEOUT, "the body did not come in time: send it faster");
    private static final Problem BROKEN =
            Problem.badRequest("the body is cut or malformed: send what was not accepted");
    private static final Problem LONG_CHUNK = Problem.of(
            StatusCodes.CONTENT_TOO_LARGE,
            ErrorCode.TOO_LARGE,
            "a chunk of the body is longer than 1 MiB and than tidegate.http.max-body-bytes: send what was not accepted,"
                    + " in shorter chunks");

    /** How the library begins to say so. */
    private static final String CHUNK_TOO_LONG = "HTTP chunk size exceeds";

    private final RequestEntity entity;
    private final HttpSettings settings;

    // Guarded by this; null before anybody takes the body, and while the connection is not about to end.
    private @Nullable BodyClock clock;
    private @Nullable Consumer<Problem> taker;
    private boolean byLine;
    private @Nullable Problem hurried;

    Body(RequestEntity entity, HttpSettings settings) {
        this.entity = entity;
        this.settings = settings;
    }

    /** The request with its body, for {@link #of}. */
    HttpRequest in(HttpRequest request) {
        return request.addAttribute(KEY, this);
    }

    /** The body of a request that came through an {@link Exchange}. */
    static Body of(HttpRequest request) {
        return request.getAttribute(KEY).orElseThrow();
    }

    // ---- whoever takes it

    /** All of it; fails with {@link Problem.Refusal} if it is too long. */
    CompletionStage<ByteString> whole(Materializer materializer) {
        HttpEntity limited = entity.withSizeLimit(settings.maxBodyBytes());
        if (limited instanceof HttpEntity.Strict strict) {
            return CompletableFuture.completedStage(strict.getData());
        }
        CompletionStage<ByteString> collected = limited.getDataBytes()
                .via(new Watch(false))
                .runFold(ByteString.emptyByteString(), ByteString::concat, materializer);
        return PlainStage.of(collected);
    }

    /** Its pieces, as many as there are, in lines. */
    Source<ByteString, Object> lines() {
        return entity.withoutSizeLimit().getDataBytes().via(new Watch(true));
    }

    /** What the client is told of a failure that the body ended with; null if it is another one's. */
    static @Nullable Problem problem(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof Problem.Refusal refusal) {
            return refusal.problem();
        }
        if (cause instanceof EntityStreamSizeException tooLong) {
            return Problem.of(
                    StatusCodes.CONTENT_TOO_LARGE,
                    ErrorCode.TOO_LARGE,
                    "the body is longer than " + tooLong.limit()
                            + " bytes: send a shorter one; see tidegate.feed.max-document-bytes and"
                            + " tidegate.http.max-body-bytes");
        }
        if (cause instanceof EntityStreamException broken) {
            return broken.info().summary().startsWith(CHUNK_TOO_LONG) ? LONG_CHUNK : BROKEN;
        }
        return null;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    // ---- the connection: any thread

    /**
     * The connection is about to end: lines, which might come for ever, end at once, and a whole body if the rest of it is not
     * under way already.
     *
     * @param why what its client is told then
     */
    synchronized void hurry(Problem why) {
        hurried = why;
        if (clock != null) {
            clock.hurry();
        }
        if (taker != null && byLine) {
            taker.accept(why);
        }
    }

    /** Ends it if it is too slow. */
    synchronized void check(long nowNanos) {
        if (taker != null && clock != null && clock.isOverdue(nowNanos)) {
            taker.accept(hurried == null ? TIMED_OUT : hurried);
        }
    }

    private synchronized void taken(BodyClock running, boolean inLines, Consumer<Problem> by) {
        clock = running;
        byLine = inLines;
        taker = by;
        if (hurried != null) {
            hurry(hurried);
        }
    }

    /** Passes the body on, and fails when it was ended. */
    private final class Watch extends GraphStage<FlowShape<ByteString, ByteString>> {

        private final Inlet<ByteString> in = Inlet.create("Body.in");
        private final Outlet<ByteString> out = Outlet.create("Body.out");
        private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
        private final boolean inLines;

        Watch(boolean inLines) {
            this.inLines = inLines;
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

            private final AsyncCallback<Problem> onEnd = createAsyncCallback(this::end);
            private final BodyClock watch = new BodyClock(settings, inLines);

            Logic() {
                super(shape);
                setHandlers(in, out, new AbstractInOutHandler() {
                    @Override
                    public void onPush() {
                        ByteString bytes = grab(in);
                        watch.came(bytes, System.nanoTime());
                        push(out, bytes);
                    }

                    @Override
                    public void onPull() {
                        watch.waits(System.nanoTime());
                        pull(in);
                    }
                });
            }

            @Override
            public void preStart() {
                taken(watch, inLines, onEnd::invoke);
            }

            private void end(Problem why) {
                fail(out, why.refusal());
                // Not as a failure: Akka HTTP would take it for one of the connection.
                cancel(in);
            }
        }
    }
}
