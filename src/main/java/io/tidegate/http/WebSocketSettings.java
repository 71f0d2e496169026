package io.tidegate.http;

import io.tidegate.settings.Section;
import io.tidegate.websocket.MessageLimits;
import java.time.Duration;

/**
 * What a WebSocket client may and has to do.
 *
 * @param pingInterval a client that said nothing for this long is sent a ping
 * @param pongTimeout one that says nothing for so much longer is closed with 1008
 */
public record WebSocketSettings(MessageLimits limits, Duration pingInterval, Duration pongTimeout) {

    /** Reads {@code tidegate.websocket}; where it says "auto", there is room for the largest document with its names. */
    public static WebSocketSettings from(Section websocket, int room) {
        return new WebSocketSettings(
                MessageLimits.from(websocket, room),
                websocket.duration("ping-interval", Duration.ofSeconds(1), Duration.ofDays(1)),
                websocket.duration("pong-timeout", Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    /** Largest payload of one data frame. */
    public int maxFrameBytes() {
        return limits.maxFrameBytes();
    }

    /** Largest payload of all fragments of a message together. */
    public int maxMessageBytes() {
        return limits.maxMessageBytes();
    }
}
