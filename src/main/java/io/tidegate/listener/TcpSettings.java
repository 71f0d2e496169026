package io.tidegate.listener;

import com.typesafe.config.Config;

/**
 * Where and how the TCP listener binds.
 *
 * @param host name or address to bind
 * @param port 0 to 65535; 0 takes any free port
 * @param backlog connections that may wait in the kernel to be accepted
 */
public record TcpSettings(String host, int port, int backlog) {

    /** Reads {@code tidegate.tcp}; ranges were checked before. */
    public static TcpSettings from(Config config) {
        return new TcpSettings(config.getString("host"), config.getInt("port"), config.getInt("backlog"));
    }
}
