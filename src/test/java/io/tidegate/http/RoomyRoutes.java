package io.tidegate.http;

import io.tidegate.connection.ConnectionLimits;
import io.tidegate.connection.LineProtocol;
import io.tidegate.feed.Feed;
import io.tidegate.websocket.MessageLimits;
import java.time.Duration;

/** The routes to a feed, with limits that no test comes to. */
final class RoomyRoutes {

    private RoomyRoutes() {}

    static FeedRoutes to(Feed feed) {
        var limits = ConnectionLimits.of(4096, 10, 1000, 1 << 16);
        return new FeedRoutes(
                feed,
                new LineProtocol(feed, limits, System::nanoTime),
                limits,
                new WebSocketSettings(new MessageLimits(4096, 4096), Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }
}
