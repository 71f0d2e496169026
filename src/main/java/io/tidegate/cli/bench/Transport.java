package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;

/**
 * How events travel to a follower: what it sends to get them, and where they are in the bytes that come back. One that
 * keeps a state between calls serves one follower.
 */
interface Transport {

    /** What a new follower sends. */
    byte[] request();

    /**
     * Hands every whole event between two offsets to the follower: its JSON, without what the transport puts around it.
     *
     * @return the offset behind the last of them; what follows it comes again, with more bytes behind it
     */
    int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure;

    /** The line protocol. */
    record OfLines(String subscription) implements Transport {

        @Override
        public byte[] request() {
            return (subscription + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure {
            int start = from;
            for (int end = Octets.newline(bytes, start, to); end >= 0; end = Octets.newline(bytes, start, to)) {
                follower.event(bytes, start, end);
                start = end + 1;
            }
            return start;
        }
    }
}
