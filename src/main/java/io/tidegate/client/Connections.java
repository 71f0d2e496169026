package io.tidegate.client;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How a client comes to its server.
 *
 * @param address {@code host:port}, where it is asked for first
 */
record Connections(String address) {

    /** @param credentials asked for each connection */
    Reconnection reconnection(Reconnection.Pause pause, Supplier<Credentials> credentials) {
        return new Reconnection(
                node -> LineClient.open(node == null ? address : node, credentials.get()),
                pause,
                new BackOff(RandomGenerator.getDefault()));
    }
}
