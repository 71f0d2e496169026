package io.tidegate.server;

import io.tidegate.document.Addresses;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what others than the programs of this machine can do, when a listener is bound for them. */
final class Exposure {

    private static final Logger log = LoggerFactory.getLogger(Exposure.class);

    private Exposure() {}

    static void tell(String listener, InetSocketAddress bound, String whatTheyCan) {
        if (!bound.getAddress().isLoopbackAddress()) {
            log.warn(
                    "The listener {} is bound to {}: whoever reaches it from other machines can {}, without encryption and without"
                            + " a password. Let only those reach it who may, by a firewall or a proxy in front of it",
                    listener,
                    Addresses.shown(bound),
                    whatTheyCan);
        }
    }
}
