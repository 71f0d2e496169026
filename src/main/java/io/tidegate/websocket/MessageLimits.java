package io.tidegate.websocket;

import com.typesafe.config.Config;

/**
 * How much a WebSocket client may send at once.
 *
 * @param maxFrameBytes largest payload of one data frame
 * @param maxMessageBytes largest payload of all fragments of a message together
 */
public record MessageLimits(int maxFrameBytes, int maxMessageBytes) {

    /** Reads {@code tidegate.websocket}; ranges were checked before. */
    public static MessageLimits from(Config config) {
        return new MessageLimits(
                Math.toIntExact(config.getBytes("max-frame-bytes")),
                Math.toIntExact(config.getBytes("max-message-bytes")));
    }
}
