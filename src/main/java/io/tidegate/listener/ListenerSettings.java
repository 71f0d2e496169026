package io.tidegate.listener;

import com.typesafe.config.Config;

/**
 * Where and how a listener binds.
 *
 * @param host name or address to bind
 * @param port 0 to 65535; 0 takes any free port
 * @param backlog connections that may wait in the kernel to be accepted
 * @param reuseAddress whether the port can be bound while connections of an earlier server are still in TIME_WAIT
 * @param reusePort whether another server of the same user may bind the same port beside this one
 */
public record ListenerSettings(String host, int port, int backlog, boolean reuseAddress, boolean reusePort) {

    /** Reads the section of one listener; ranges were checked before. */
    public static ListenerSettings from(Config config) {
        return new ListenerSettings(
                config.getString("host"),
                config.getInt("port"),
                config.getInt("backlog"),
                config.getBoolean("reuse-address"),
                config.getBoolean("reuse-port"));
    }
}
