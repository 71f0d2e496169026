package io.tidegate.connection;

import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Framing;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Line;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/** The line protocol: a {@link Session} for each connection. Transports differ in how lines come in, and in their framing. */
public final class LineProtocol implements Protocol {

    private static final Dialect<Line> TCP = new Dialect.Lines(Framing.LINES, Transport.TCP);

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Carriers carriers;

    /**
     * Sessions with one feed.
     *
     * @param carriers give the sessions their turns
     */
    public LineProtocol(Feed feed, ConnectionSettings settings, Carriers carriers) {
        this.feed = feed;
        this.settings = settings;
        this.carriers = carriers;
    }

    @Override
    public Flow<ByteString, EventLines, Dialogue> open(SocketWriter socket) {
        return session(TCP, socket, null);
    }

    @Override
    public ByteString refusal(String message) {
        var line = new Utf8Buffer(256);
        Events.error(ErrorCode.TOO_MANY_CONNECTIONS, message, line);
        return ByteString.fromArrayUnsafe(line.toArray());
    }

    /** A session on another transport. */
    public Flow<ByteString, EventLines, Dialogue> session(Dialect<?> dialect, SocketWriter socket) {
        return session(dialect, socket, null);
    }

    /** A session of one request, which was made already; what else the client sends is discarded. */
    public Flow<ByteString, EventLines, Dialogue> answering(Request request, Dialect<?> dialect, SocketWriter socket) {
        return session(dialect, socket, request);
    }

    private <I> Flow<ByteString, EventLines, Dialogue> session(
            Dialect<I> dialect, SocketWriter socket, @Nullable Request opening) {
        return Flow.fromGraph(new SessionStage<>(feed, settings, carriers, socket, dialect, opening));
    }
}
