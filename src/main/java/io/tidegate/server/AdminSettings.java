package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.listener.ListenerSettings;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The admin listener.
 *
 * @param listener where it binds
 * @param maxConnections how many of its connections are served at once
 * @param hosts names, in lower case, by which it may be asked beside addresses, {@code localhost} and the name that it binds
 */
public record AdminSettings(ListenerSettings listener, int maxConnections, Set<String> hosts) {

    /** Reads {@code tidegate.admin}; ranges were checked before. */
    static AdminSettings from(Config config) {
        List<String> names = config.getStringList("hosts");
        return new AdminSettings(
                ListenerSettings.from(config),
                config.getInt("max-connections"),
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet()));
    }

    /** All names by which it may be asked. */
    Set<String> names() {
        return Stream.concat(
                        hosts.stream(), Stream.of("localhost", listener.host().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
