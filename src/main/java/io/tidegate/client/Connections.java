package io.tidegate.client;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How a client comes to its server.
 *
 * @param address {@code host:port}, where it is asked for first
 * @param quietMillis how long it hears nothing before it doubts that the server is there
 */
record Connections(String address, int quietMillis) {

    Connections(String address) {
        this(address, LineClient.QUIET_MILLIS);
    }

    /** @param credentials asked for each connection */
    Reconnection reconnection(Reconnection.Pause pause, Supplier<Credentials> credentials) {
        return new Reconnection(
                node -> LineClient.openAt(node == null ? address : node, quietMillis, credentials.get()),
                pause,
                new BackOff(RandomGenerator.getDefault()));
    }
}
