package io.tidegate.websocket;

import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;

/**
 * How much a WebSocket client may send at once.
 *
 * @param maxFrameBytes largest payload of one data frame
 * @param maxMessageBytes largest payload of all fragments of a message together
 * @param frameSetting what says so of a frame
 * @param messageSetting what says so of a message
 */
public record MessageLimits(int maxFrameBytes, int maxMessageBytes, String frameSetting, String messageSetting) {

    /** Those of {@code tidegate.websocket}. */
    public MessageLimits(int maxFrameBytes, int maxMessageBytes) {
        this(
                maxFrameBytes,
                maxMessageBytes,
                "tidegate.websocket.max-frame-bytes",
                "tidegate.websocket.max-message-bytes");
    }

    /** The same, and no more than so much at once, which another setting says. */
    public MessageLimits within(int bytes, String setting) {
        return new MessageLimits(Math.min(bytes, maxFrameBytes), Math.min(bytes, maxMessageBytes), setting, setting);
    }

    /** Reads {@code tidegate.websocket}; where it says "auto", there is room for the largest document with its names. */
    public static MessageLimits from(Section websocket, int room) {
        return new MessageLimits(
                websocket.bytesOrAuto("max-frame-bytes", kib(1), mib(16), room),
                websocket.bytesOrAuto("max-message-bytes", kib(1), mib(16), room));
    }
}
