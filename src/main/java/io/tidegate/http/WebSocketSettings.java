package io.tidegate.http;

import com.typesafe.config.Config;
import io.tidegate.websocket.MessageLimits;
import java.time.Duration;

/**
 * What a WebSocket client may and has to do.
 *
 * @param pingInterval a client that said nothing for this long is sent a ping
 * @param pongTimeout one that says nothing for so much longer is closed with 1008
 */
public record WebSocketSettings(MessageLimits limits, Duration pingInterval, Duration pongTimeout) {

    /** Reads {@code tidegate.websocket}; ranges were checked before. */
    public static WebSocketSettings from(Config config) {
        return new WebSocketSettings(
                MessageLimits.from(config), config.getDuration("ping-interval"), config.getDuration("pong-timeout"));
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
