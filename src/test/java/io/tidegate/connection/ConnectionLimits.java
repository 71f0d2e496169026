package io.tidegate.connection;

import java.time.Duration;

/** A connection's settings for tests: what may be held of a client is said, the times are the defaults or longer. */
public final class ConnectionLimits {

    private ConnectionLimits() {}

    public static ConnectionSettings of(int maxLineBytes, int pipelinedRequests, long pipelinedBytes, int writeBytes) {
        return new ConnectionSettings(
                maxLineBytes,
                pipelinedRequests,
                pipelinedBytes,
                writeBytes,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                1024,
                new SelectionLimits(8, 400),
                new IdentityLimits(Duration.ofSeconds(5), 128, 3, Duration.ofSeconds(60)));
    }
}
