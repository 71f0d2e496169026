package io.tidegate.admin;

import io.tidegate.http.BrowserGuard;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.settings.Section;

/**
 * The admin listener.
 *
 * @param listener where it binds
 * @param maxConnections how many of its connections are served at once
 * @param guard knows by which names it may be asked
 * @param openMetrics whether the metrics are there for who has no right to operate the server
 */
public record AdminSettings(ListenerSettings listener, int maxConnections, BrowserGuard guard, boolean openMetrics) {

    /** Reads {@code tidegate.admin}. */
    public static AdminSettings from(Section admin) {
        ListenerSettings listener = ListenerSettings.from(admin);
        return new AdminSettings(
                listener,
                admin.number("max-connections", 1, 1000),
                BrowserGuard.from(admin, listener.host()),
                admin.isOn("open-metrics"));
    }
}
