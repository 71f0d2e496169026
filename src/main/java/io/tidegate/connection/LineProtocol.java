package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.access.Access;
import io.tidegate.access.Pass;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Framing;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import io.tidegate.wire.Request;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The line protocol: a {@link Session} for each connection. Transports differ in their {@link Dialect}. */
public final class LineProtocol implements Protocol {

    /** When clients that were not served come back: they have no slots, and are not many as a rule. */
    private static final Duration LATE_RECONNECT = Duration.ofSeconds(1);

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Access access;
    private final Dialect<?> dialect;
    private final Elsewhere elsewhere;
    private final LongSupplier nanoClock;

    /** What all clients have asked for already; empty if they ask themselves. */
    private final List<Request> opening;

    /** Who the one client is that these sessions are for; null if each has to show it itself. */
    private final @Nullable Pass pass;

    /**
     * Sessions with one feed, by TCP.
     *
     * @param access knows who clients are
     */
    public LineProtocol(Feed feed, ConnectionSettings settings, Access access, LongSupplier nanoClock) {
        this(feed, settings, access, Elsewhere.NOWHERE, nanoClock);
    }

    /**
     * The same, of a server that is not the only one of its feed.
     *
     * @param elsewhere where clients can go on that are sent away
     */
    public LineProtocol(
            Feed feed, ConnectionSettings settings, Access access, Elsewhere elsewhere, LongSupplier nanoClock) {
        this(
                feed,
                settings,
                access,
                new Dialect.Lines(Framing.LINES, Transport.TCP),
                elsewhere,
                nanoClock,
                List.of(),
                null);
    }

    private LineProtocol(
            Feed feed,
            ConnectionSettings settings,
            Access access,
            Dialect<?> dialect,
            Elsewhere elsewhere,
            LongSupplier nanoClock,
            List<Request> opening,
            @Nullable Pass pass) {
        this.feed = feed;
        this.settings = settings;
        this.access = access;
        this.dialect = dialect;
        this.elsewhere = elsewhere;
        this.nanoClock = nanoClock;
        this.opening = opening;
        this.pass = pass;
    }

    /** The same on another transport. */
    public LineProtocol on(Dialect<?> other) {
        return new LineProtocol(feed, settings, access, other, elsewhere, nanoClock, List.of(), pass);
    }

    /** The same for one client of whom it is known who it is, or at least that it has shown nothing. */
    public LineProtocol of(Pass client) {
        return new LineProtocol(feed, settings, access, dialect, elsewhere, nanoClock, opening, client);
    }

    /**
     * Sessions of requests that were made already, one after the other; what else the client sends is discarded.
     *
     * @param requests at least one: one that asks for a subscription, say, and one that adds to it
     */
    public LineProtocol answering(List<Request> requests) {
        return new LineProtocol(feed, settings, access, dialect, elsewhere, nanoClock, List.copyOf(requests), pass);
    }

    @Override
    public Dialogue<?> open(Peer peer, Wakeup wakeup, BooleanSupplier hasUnread) {
        Pass client = pass;
        return open(
                client == null ? access.enter(peer.address().getAddress(), peer.certificates()) : client,
                dialect,
                peer.isLocal(),
                wakeup);
    }

    private <I> Dialogue<I> open(Pass client, Dialect<I> spoken, boolean isLocal, Wakeup wakeup) {
        var session = new Session<>(
                feed,
                settings,
                client,
                spoken,
                () -> elsewhere.addresses(spoken.transport(), isLocal),
                wakeup,
                nanoClock);
        if (!opening.isEmpty()) {
            session.answerOnly(opening);
        }
        return session;
    }

    @Override
    public ByteString farewell() {
        var line = new Utf8Buffer(256);
        Events.goodbye(
                CloseReason.SHUTDOWN.code(),
                feed.head(),
                LATE_RECONNECT.toMillis(),
                CloseReason.SHUTDOWN.comeBack().code(),
                elsewhere.addresses(dialect.transport(), false),
                line);
        return ByteString.fromArrayUnsafe(line.toArray());
    }

    @Override
    public ByteString refusal(String message) {
        return error(ErrorCode.TOO_MANY_CONNECTIONS, message);
    }

    @Override
    public ByteString mistaken(String message) {
        return error(ErrorCode.WRONG_PROTOCOL, message);
    }

    private static ByteString error(ErrorCode code, String message) {
        var line = new Utf8Buffer(256);
        Events.error(code, message, line);
        return ByteString.fromArrayUnsafe(line.toArray());
    }
}
