package io.tidegate.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.stream.Stream;

/**
 * Which sockets the JVM makes. By default all of them are of IPv6 and take IPv4 as well, so that {@code 0.0.0.0} would be bound as
 * {@code ::}, and be reached by IPv6 though nobody asked for that.
 */
final class IpVersion {

    static final String ONLY_IPV4 = "java.net.preferIPv4Stack";

    private static final String IPV4 = "\\d{1,3}(\\.\\d{1,3}){3}";

    private IpVersion() {}

    /**
     * Chooses IPv4 if nothing else is asked for by a listener or by the user.
     *
     * <p>Must come before the JVM loads its network library, which a look at the descriptors already does: so the settings are
     * not checked yet.
     */
    static void choose(Config config) {
        if (System.getProperty(ONLY_IPV4) == null
                && Stream.of("tcp", "http", "admin").allMatch(listener -> isIpv4(config, listener))) {
            System.setProperty(ONLY_IPV4, "true");
        }
    }

    private static boolean isIpv4(Config config, String listener) {
        try {
            return config.getString("tidegate." + listener + ".host").matches(IPV4);
        } catch (ConfigException e) {
            return false;
        }
    }
}
