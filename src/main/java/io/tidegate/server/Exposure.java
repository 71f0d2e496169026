package io.tidegate.server;

import io.tidegate.document.Addresses;
import io.tidegate.listener.ListenerSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others than the programs of this machine can do, when a listener is bound for them: nothing without encryption and without
 * identities, unless its operator says that this shall be so.
 *
 * @param listener its name
 * @param bound where it listens
 * @param isEncrypted whether it has certificates
 * @param isOpen whether nobody is asked who they are
 */
record Exposure(String listener, InetSocketAddress bound, boolean isEncrypted, boolean isOpen) {

    private static final Logger log = LoggerFactory.getLogger(Exposure.class);

    static Exposure of(String listener, ListenerSettings settings, InetSocketAddress bound, boolean isOpen) {
        return new Exposure(listener, bound, settings.tls().isOn(), isOpen);
    }

    private boolean isOutside() {
        return !bound.getAddress().isLoopbackAddress();
    }

    /** What is missing for a listener that others reach, as {@code without encryption}. */
    private String missing() {
        List<String> missing = new ArrayList<>();
        if (!isEncrypted) {
            missing.add("without encryption");
        }
        if (isOpen) {
            missing.add("without showing who they are");
        }
        return String.join(" and ", missing);
    }

    /**
     * Has the server not start rather than be open to others by mistake.
     *
     * @param isMeant whether the operator said that it shall be so
     */
    void require(boolean isMeant) throws StartException {
        if (isOutside() && !missing().isEmpty() && !isMeant) {
            throw new StartException("the listener " + listener + " would be bound to " + Addresses.shown(bound)
                    + ", where other machines reach it " + missing() + ": set tidegate." + listener
                    + ".tls.certificates and tidegate.access, or bind 127.0.0.1 by tidegate." + listener
                    + ".host, or, if that is meant, set tidegate." + listener + ".insecure = on");
        }
    }

    /**
     * Says so again, each time.
     *
     * @param whatTheyCan who is not asked who they are
     */
    void tell(String whatTheyCan) {
        if (isOutside() && !missing().isEmpty()) {
            log.warn(
                    "The listener {} is bound to {}: {}. Let only those reach it who may, by a firewall or a proxy in front of it",
                    listener,
                    Addresses.shown(bound),
                    isOpen
                            ? "whoever reaches it from other machines can " + whatTheyCan + ", " + missing()
                            : "what comes from other machines, tokens too, comes without encryption");
        }
    }
}
