package io.tidegate.cli.bench;

import io.tidegate.document.Selector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How events travel to a follower: what it sends to get them, and where they are in the bytes that come back. Keeps a state
 * between calls and serves one follower.
 */
interface Transport {

    /** Which there are. */
    enum Kind {
        TCP,
        SSE,
        WEBSOCKET;

        /**
         * The transport of a new follower of what is selected.
         *
         * @param server {@code host:port}, as HTTP wants to have it repeated
         */
        Transport open(Selector selector, String server) {
            return switch (this) {
                case TCP -> new Lines(updates(selector));
                case SSE ->
                    new ServerSentEvents(
                            "/v1/updates?"
                                    + (selector instanceof Selector.Whole ? "collection=" : "select=")
                                    + URLEncoder.encode(selector.toString(), StandardCharsets.UTF_8),
                            server);
                case WEBSOCKET -> new WebSocket("/v1/socket", server, updates(selector));
            };
        }

        private static String updates(Selector selector) {
            return "updates " + selector + "\n";
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No answer is due. */
    byte[] NOTHING = {};

    /** What a new follower sends. */
    byte[] request();

    /**
     * Hands every whole event between two offsets to the follower: its JSON, without what the transport puts around it.
     *
     * @return the offset behind the last of them; what follows it comes again, with more bytes behind it
     */
    int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure;

    /** What has to be sent back now; asked for after each {@link #take}. */
    default byte[] answer() {
        return NOTHING;
    }

    /** Hands every whole line between two offsets to the follower. */
    static int takeLines(byte[] bytes, int from, int to, Follower follower) throws BenchFailure {
        int start = from;
        for (int end = Octets.newline(bytes, start, to); end >= 0; end = Octets.newline(bytes, start, to)) {
            follower.event(bytes, start, end);
            start = end + 1;
        }
        return start;
    }

    /** The line protocol. */
    record Lines(String subscription) implements Transport {

        @Override
        public byte[] request() {
            return subscription.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure {
            return takeLines(bytes, from, to, follower);
        }
    }
}
