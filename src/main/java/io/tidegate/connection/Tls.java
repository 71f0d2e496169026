package io.tidegate.connection;

import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * What a listener secures its connections with.
 *
 * @param engines gives one for each connection: of a server, with everything set
 * @param handshakeTimeout within so much of a client's time its handshake is over
 * @param handshakes runs what takes its time in a handshake
 */
public record Tls(Supplier<SSLEngine> engines, Duration handshakeTimeout, Welcome handshakes) {}
