package io.tidegate.connection;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Which connections begin with a PROXY header, that says for whom a proxy made them.
 *
 * @param trusted from where that is believed; nobody else's header is looked for
 * @param timeout the time for the header
 */
public record Proxies(List<Network> trusted, Duration timeout) {

    /** No connection does. */
    public static final Proxies NONE = new Proxies(List.of(), Duration.ofSeconds(1));

    public Proxies {
        trusted = List.copyOf(trusted);
    }

    /** Whether that is the address of a proxy that is trusted. */
    public boolean include(InetAddress address) {
        return Network.anyIncludes(trusted, address);
    }
}
