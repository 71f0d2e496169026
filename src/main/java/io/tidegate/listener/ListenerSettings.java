package io.tidegate.listener;

import io.tidegate.settings.Section;
import io.tidegate.tls.TlsSettings;

/**
 * Where and how a listener binds.
 *
 * @param host name or address to bind
 * @param port 0 takes any free port
 * @param backlog connections that may wait in the kernel to be accepted
 * @param reuseAddress whether the port can be bound while connections of an earlier server are still in TIME_WAIT
 * @param reusePort whether another server of the same user may bind the same port beside this one
 * @param tls whether and how its connections are encrypted
 * @param insecure whether other machines may reach it though it does not encrypt, or asks nobody who they are
 */
public record ListenerSettings(
        String host,
        int port,
        int backlog,
        boolean reuseAddress,
        boolean reusePort,
        TlsSettings tls,
        boolean insecure) {

    /** Reads the section of one listener. */
    public static ListenerSettings from(Section listener) {
        return new ListenerSettings(
                listener.host("host"),
                listener.number("port", 0, 65_535),
                listener.number("backlog", 1, 65_535),
                listener.isOn("reuse-address"),
                listener.isOn("reuse-port"),
                TlsSettings.from(listener.section("tls")),
                listener.isOn("insecure"));
    }
}
