package io.tidegate.websocket;

import io.tidegate.wire.Line;

/** What a session is given of a WebSocket: the lines of its messages, and its control messages as they are. */
public sealed interface Input permits Input.RequestLine, Message.Control {

    /** One line of a data message, to be read at once and not to be kept. */
    record RequestLine(Line line) implements Input {}
}
