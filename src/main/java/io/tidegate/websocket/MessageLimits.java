package io.tidegate.websocket;

import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;

/**
 * How much a WebSocket client may send at once.
 *
 * @param maxFrameBytes largest payload of one data frame
 * @param maxMessageBytes largest payload of all fragments of a message together
 */
public record MessageLimits(int maxFrameBytes, int maxMessageBytes) {

    /** Reads {@code tidegate.websocket}; where it says "auto", there is room for the largest document with its names. */
    public static MessageLimits from(Section websocket, int room) {
        return new MessageLimits(
                websocket.bytesOrAuto("max-frame-bytes", kib(1), mib(16), room),
                websocket.bytesOrAuto("max-message-bytes", kib(1), mib(16), room));
    }
}
