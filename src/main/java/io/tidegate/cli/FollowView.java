package io.tidegate.cli;

import io.tidegate.client.EventLine;

/**
 * What of a followed feed its user sees: every line as it came, or only those that tell something of the documents.
 */
final class FollowView {

    /** The words of a server's own event: whoever keeps the documents has to drop what came of the snapshot. */
    private static final String RESYNC =
            "{\"event\":\"resync\",\"reason\":\"the connection was lost in the middle of the snapshot\"}";

    private final boolean raw;
    private final Output output;
    private final Streams streams;
    private boolean subscribedShown;

    /** @param raw shows the bytes of the wire and nothing else */
    FollowView(boolean raw, Streams streams) {
        this.raw = raw;
        this.output = streams.output();
        this.streams = streams;
    }

    void write(byte[] bytes, int from, int to) throws CommandEnd {
        output.write(bytes, from, to);
    }

    boolean shows(EventLine event) {
        if (raw) {
            return true;
        }
        return switch (event.kind()) {
            case "heartbeat", "goodbye", "pong", "error", "authenticated", "expiring" -> false;
            case "subscribed" -> {
                boolean first = !subscribedShown;
                subscribedShown = true;
                yield first;
            }
            default -> true;
        };
    }

    /** Ends the command if nobody reads any more. */
    void requireReader() throws CommandEnd {
        output.requireReader();
    }

    /** Says that the snapshot that was begun is void. */
    void startAnew() throws CommandEnd {
        if (!raw) {
            output.line(RESYNC);
        }
    }

    void notice(String text) {
        streams.notice(text);
    }
}
