package io.tidegate.listener;

import com.typesafe.config.Config;

/**
 * Where and how the TCP listener binds.
 *
 * @param host name or address to bind
 * @param port 0 to 65535; 0 takes any free port
 * @param backlog connections that may wait in the kernel to be accepted
 * @param maxConnections how many are served at once; one more is told so and closed
 */
public record TcpSettings(String host, int port, int backlog, int maxConnections) {

    /** Reads {@code tidegate.tcp}; ranges were checked before. */
    public static TcpSettings from(Config config) {
        boolean auto = config.getString("max-connections").equals("auto");
        return new TcpSettings(
                config.getString("host"),
                config.getInt("port"),
                config.getInt("backlog"),
                auto ? Descriptors.forConnections() : config.getInt("max-connections"));
    }
}
