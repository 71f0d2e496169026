package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.connection.Dialogue;
import io.tidegate.connection.Peer;
import io.tidegate.connection.Protocol;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** HTTP, and what its requests switch a connection to. */
public final class HttpProtocol implements Protocol {

    static final Problem NO_REQUEST = Problem.badRequest("that is no HTTP request: correct it");

    static final Problem HEAD_TIMED_OUT = Problem.of(
            HttpResponseStatus.REQUEST_TIMEOUT, ErrorCode.TIMEOUT, "the request did not come in time: send it at once");

    static final Problem HEAD_TOO_LARGE = Problem.of(
            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, ErrorCode.TOO_LARGE, "the head is too long: send less");

    static final Problem TARGET_TOO_LONG =
            Problem.of(Problem.URI_TOO_LONG, ErrorCode.TOO_LARGE, "the request line is too long: send a shorter one");

    static final Problem DRAINING = Problem.unavailable(
            ErrorCode.DRAINING,
            "the server is about to stop and did nothing: send the request again, on another connection");

    static final Problem BODY_NOT_AWAITED = Problem.unavailable(
            ErrorCode.DRAINING,
            "the server is about to stop and did not wait for the rest of the body: send what was not accepted, on another connection");

    private final Door door;
    private final Door drainingDoor;
    private final HttpSettings settings;
    private final BooleanSupplier isDraining;
    private final LongSupplier nanoClock;

    /**
     * HTTP with these answers.
     *
     * @param guard lets them see what may be asked
     * @param callers knows who asks
     * @param isDraining whether requests that come now are refused; those under way are still answered
     * @param nanoClock tells the time of all that has a limit
     */
    public HttpProtocol(
            BrowserGuard guard,
            Callers callers,
            Routes routes,
            HttpSettings settings,
            BooleanSupplier isDraining,
            LongSupplier nanoClock) {
        door = new Door(guard, callers, routes);
        drainingDoor = door.refusing(DRAINING);
        this.settings = settings;
        this.isDraining = isDraining;
        this.nanoClock = nanoClock;
    }

    @Override
    public Dialogue<?> open(Peer peer, Wakeup wakeup, BooleanSupplier hasUnread) {
        return new HttpDialogue(door, drainingDoor, peer, settings, isDraining, wakeup, hasUnread, nanoClock);
    }

    @Override
    public ByteString farewell() {
        return ResponseHead.last(DRAINING.response());
    }

    @Override
    public ByteString farewell(ByteString said) {
        return refusal(DRAINING, said);
    }

    @Override
    public ByteString refusal(String message) {
        return ResponseHead.last(tooMany(message).response());
    }

    @Override
    public ByteString mistaken(String message) {
        return ResponseHead.last(Problem.of(HttpResponseStatus.BAD_REQUEST, ErrorCode.WRONG_PROTOCOL, message)
                .response());
    }

    @Override
    public @Nullable ByteString refusal(String message, ByteString said, boolean isAll) {
        return isAll || RawHead.isWhole(said) ? refusal(tooMany(message), said) : null;
    }

    private ByteString refusal(Problem problem, ByteString said) {
        HttpRequest request = RawHead.get(said);
        if (request == null) {
            return ResponseHead.last(problem.response());
        }
        HttpResponse response =
                StreamRefusal.concerns(request, problem) ? StreamRefusal.response(problem) : problem.response();
        return ResponseHead.last(response.with(door.leave(request)));
    }

    private static Problem tooMany(String message) {
        return Problem.unavailable(ErrorCode.TOO_MANY_CONNECTIONS, message);
    }
}
