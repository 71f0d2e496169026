package io.tidegate.server;

import com.typesafe.config.Config;
import io.tidegate.admin.AdminSettings;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.drain.DrainSettings;
import io.tidegate.feed.FeedSettings;
import io.tidegate.http.BrowserGuard;
import io.tidegate.http.HttpSettings;
import io.tidegate.http.WebSocketSettings;
import io.tidegate.listener.Admission;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.rocksdb.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;

/** All settings, checked. */
public record ServerSettings(
        ListenerSettings tcp,
        ListenerSettings http,
        HttpSettings httpLimits,
        BrowserGuard httpGuard,
        WebSocketSettings sockets,
        AdminSettings admin,
        int maxConnections,
        ConnectionSettings connection,
        StoreSettings store,
        FeedSettings feed,
        DrainSettings drain,
        Duration takeoverTimeout,
        int ledgerEntries) {

    /**
     * Reads and checks the part under {@code tidegate}.
     *
     * @throws StartException that names the key, its value and what is allowed
     */
    public static ServerSettings from(Config config) throws StartException {
        Config written = Ranges.section(config);
        Ranges.check(written);
        Config tidegate = DocumentWays.fitted(written);
        // What belongs together can be looked at when each value is right by itself.
        var problems = new Problems();
        problems.collect(() -> requireOwnAddress(tidegate, "http", "tcp"));
        problems.collect(() -> requireOwnAddress(tidegate, "admin", "tcp"));
        problems.collect(() -> requireOwnAddress(tidegate, "admin", "http"));
        problems.collect(() -> drain(tidegate));
        problems.throwIfAny();
        return new ServerSettings(
                ListenerSettings.from(tidegate.getConfig("tcp")),
                ListenerSettings.from(tidegate.getConfig("http")),
                HttpSettings.from(tidegate.getConfig("http")),
                BrowserGuard.from("tidegate.http", tidegate.getConfig("http")),
                WebSocketSettings.from(tidegate.getConfig("websocket")),
                AdminSettings.from(tidegate.getConfig("admin")),
                Admission.mostFrom(tidegate.getConfig("connection")),
                ConnectionSettings.from(tidegate.getConfig("connection")),
                StoreSettings.from(tidegate.getConfig("store")),
                FeedSettings.from(tidegate.getConfig("feed")),
                drain(tidegate),
                tidegate.getDuration("takeover.timeout"),
                tidegate.getInt("ledger.entries"));
    }

    private static DrainSettings drain(Config tidegate) throws StartException {
        try {
            return DrainSettings.from(tidegate.getConfig("drain"));
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Where ports are shared, the kernel would let one listener in beside the other, and deal out the clients. */
    private static void requireOwnAddress(Config tidegate, String listener, String other) throws StartException {
        int port = tidegate.getInt(listener + ".port");
        if (port != 0
                && port == tidegate.getInt(other + ".port")
                && tidegate.getString(listener + ".host").equals(tidegate.getString(other + ".host"))) {
            throw new StartException(Origin.shown(tidegate, listener + ".port")
                    + ": allowed is another port than that of tidegate." + other);
        }
    }

    /** Whether another server may bind the same ports beside this one. */
    public boolean sharesPort() {
        return tcp.reusePort() && http.reusePort() && admin.listener().reusePort();
    }

    /** Where the store is, as it was told. */
    public Path storeDirectory() {
        return store.directory();
    }
}
