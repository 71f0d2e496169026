package io.tidegate.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.tidegate.connection.Dialogue;
import io.tidegate.connection.Protocol;
import io.tidegate.connection.SocketWriter;
import io.tidegate.feed.EventLines;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** HTTP, and what its requests switch a connection to. */
public final class HttpProtocol implements Protocol {

    /** No browser guesses that an answer is something else than it says, such as a page with scripts. */
    static final HttpHeader NO_SNIFFING = RawHeader.create("X-Content-Type-Options", "nosniff");

    static final Problem NO_REQUEST = Problem.badRequest("that is no HTTP request: correct it");

    static final Problem HEAD_TIMED_OUT = Problem.of(
            StatusCodes.REQUEST_TIMEOUT, ErrorCode.TIMEOUT, "the request did not come in time: send it at once");

    static final Problem HEAD_TOO_LARGE = Problem.of(
            StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE, ErrorCode.TOO_LARGE, "the head is too long: send less");

    static final Problem DRAINING = Problem.unavailable(
            ErrorCode.DRAINING,
            "the server is about to stop and did nothing: send the request again, on another connection");

    private final HttpLayer layer;
    private final BrowserGuard guard;
    private final Routes routes;
    private final HttpSettings settings;
    private final BooleanSupplier isDraining;

    /**
     * HTTP with these answers.
     *
     * @param guard lets them see what may be asked
     * @param isDraining whether requests that come now are refused; those under way are still answered
     */
    public HttpProtocol(
            HttpLayer layer, BrowserGuard guard, Routes routes, HttpSettings settings, BooleanSupplier isDraining) {
        this.layer = layer;
        this.guard = guard;
        this.routes = routes;
        this.settings = settings;
        this.isDraining = isDraining;
    }

    @Override
    public Flow<ByteString, EventLines, Dialogue> open(SocketWriter socket) {
        return Flow.fromGraph(new ProtocolSwitch(layer, guard, routes, settings, isDraining, socket));
    }

    @Override
    public ByteString farewell() {
        return DRAINING.raw();
    }

    @Override
    public ByteString farewell(ByteString said) {
        return refusal(DRAINING, said);
    }

    @Override
    public ByteString refusal(String message) {
        return tooMany(message).raw();
    }

    @Override
    public @Nullable ByteString refusal(String message, ByteString said, boolean isAll) {
        return isAll || RawHead.isWhole(said) ? refusal(tooMany(message), said) : null;
    }

    private ByteString refusal(Problem problem, ByteString said) {
        HttpRequest request = RawHead.get(said);
        if (request == null) {
            return problem.raw();
        }
        List<HttpHeader> signature = guard.leave(request);
        return StreamRefusal.concerns(request, problem)
                ? StreamRefusal.raw(problem, signature)
                : problem.raw(signature);
    }

    private static Problem tooMany(String message) {
        return Problem.unavailable(ErrorCode.TOO_MANY_CONNECTIONS, message);
    }
}
