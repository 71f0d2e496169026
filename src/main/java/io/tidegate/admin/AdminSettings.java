package io.tidegate.admin;

import com.typesafe.config.Config;
import io.tidegate.http.BrowserGuard;
import io.tidegate.listener.ListenerSettings;

/**
 * The admin listener.
 *
 * @param listener where it binds
 * @param maxConnections how many of its connections are served at once
 * @param guard knows by which names it may be asked
 */
public record AdminSettings(ListenerSettings listener, int maxConnections, BrowserGuard guard) {

    /** Reads {@code tidegate.admin}; ranges were checked before. */
    public static AdminSettings from(Config config) {
        return new AdminSettings(
                ListenerSettings.from(config),
                config.getInt("max-connections"),
                BrowserGuard.from("tidegate.admin", config));
    }
}
