package io.tidegate.listener;

import com.typesafe.config.Config;

/**
 * Where and how a listener binds.
 *
 * @param host name or address to bind
 * @param port 0 to 65535; 0 takes any free port
 * @param backlog connections that may wait in the kernel to be accepted
 */
public record ListenerSettings(String host, int port, int backlog) {

    /** Reads the section of one listener; ranges were checked before. */
    public static ListenerSettings from(Config config) {
        return new ListenerSettings(config.getString("host"), config.getInt("port"), config.getInt("backlog"));
    }
}
