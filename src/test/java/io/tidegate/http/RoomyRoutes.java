package io.tidegate.http;

import io.tidegate.access.Access;
import io.tidegate.connection.ConnectionLimits;
import io.tidegate.connection.LineProtocol;
import io.tidegate.feed.Feed;
import io.tidegate.websocket.MessageLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The routes to a feed, with limits that no test comes to. */
final class RoomyRoutes {

    /** One of whom nobody wants to know who it is. */
    static final Caller CALLER = new Caller(Access.OPEN.enter(InetAddress.getLoopbackAddress(), List.of()));

    private RoomyRoutes() {}

    static FeedRoutes to(Feed feed) {
        var limits = ConnectionLimits.of(4096, 10, 1000, 1 << 16);
        return new FeedRoutes(
                feed,
                new LineProtocol(feed, limits, Access.OPEN, System::nanoTime),
                limits,
                new WebSocketSettings(new MessageLimits(4096, 4096), Duration.ofSeconds(20), Duration.ofSeconds(20)),
                new Tickets(new TicketSettings(Duration.ofSeconds(30), 100), InstantSource.system()));
    }

    /** Asks such routes. */
    static Door.Question ask(HttpRequest request, BrowserGuard guard, Routes routes) {
        Door door = new Door(guard, Callers.of(Access.OPEN), routes);
        return door.ask(request, CALLER.pass(), known -> {}, () -> {});
    }
}
