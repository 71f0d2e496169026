package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;

/** An event stream as browsers follow it: each event of the feed is the data of one. */
final class ServerSentEvents implements Transport {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;

    ServerSentEvents(String path, String server) {
        exchange = new HttpExchange(path, server, "Accept: text/event-stream\r\n", 200);
    }

    @Override
    public byte[] request() {
        return exchange.request().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int take(byte[] bytes, int from, int to, Follower follower) throws BenchFailure {
        int start = exchange.isAnswered() ? from : exchange.skipHead(bytes, from, to);
        if (!exchange.isAnswered()) {
            return from;
        }
        for (int end = Octets.newline(bytes, start, to); end >= 0; end = Octets.newline(bytes, start, to)) {
            if (Octets.startsWith(bytes, start, end, DATA)) {
                follower.event(bytes, start + DATA.length, end);
            }
            start = end + 1;
        }
        return start;
    }
}
