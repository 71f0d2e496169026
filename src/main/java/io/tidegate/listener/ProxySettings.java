package io.tidegate.listener;

import io.tidegate.connection.Proxies;
import io.tidegate.document.Network;
import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.List;

/**
 * Which proxies connect for clients, and how they say for whom.
 *
 * @param trusted their addresses
 * @param tcpHeader whether their connections to the listener of the line protocol begin with a header
 * @param httpHeader the same of HTTP
 * @param headerTimeout the time for it
 */
public record ProxySettings(List<Network> trusted, boolean tcpHeader, boolean httpHeader, Duration headerTimeout) {

    public ProxySettings {
        trusted = List.copyOf(trusted);
    }

    /** Reads {@code tidegate.proxy}. */
    public static ProxySettings from(Section proxy) {
        return new ProxySettings(
                proxy
                        .list(
                                "trusted",
                                "a list of addresses and networks, such as [\"10.0.0.5\", \"10.1.0.0/16\"]",
                                ProxySettings::isNetwork)
                        .stream()
                        .map(Network::parse)
                        .toList(),
                proxy.isOn("tcp-header"),
                proxy.isOn("http-header"),
                proxy.duration("header-timeout", Duration.ofMillis(100), Duration.ofHours(1)));
    }

    private static boolean isNetwork(String text) {
        try {
            Network.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whose X-Forwarded-For is believed: with the header before HTTP the proxy has told already for whom it connects. */
    public List<Network> forwarding() {
        return httpHeader ? List.of() : trusted;
    }

    /** Whose connections to the listener of the line protocol begin with a header. */
    public Proxies ofTcp() {
        return tcpHeader ? new Proxies(trusted, headerTimeout) : Proxies.NONE;
    }

    /** The same of HTTP. */
    public Proxies ofHttp() {
        return httpHeader ? new Proxies(trusted, headerTimeout) : Proxies.NONE;
    }
}
