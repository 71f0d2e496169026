package io.tidegate.server;

import static io.tidegate.settings.Section.kib;

import com.typesafe.config.Config;
import io.tidegate.access.AccessSettings;
import io.tidegate.admin.AdminSettings;
import io.tidegate.audit.AuditSettings;
import io.tidegate.checkpoint.CheckpointSettings;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Welcome;
import io.tidegate.drain.DrainSettings;
import io.tidegate.feed.FeedSettings;
import io.tidegate.http.BrowserGuard;
import io.tidegate.http.HttpSettings;
import io.tidegate.http.TicketSettings;
import io.tidegate.http.WebSocketSettings;
import io.tidegate.listener.AddressLimits;
import io.tidegate.listener.Admission;
import io.tidegate.listener.ListenerSettings;
import io.tidegate.listener.ProxySettings;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.SettingsReader;
import io.tidegate.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All settings, checked. */
public record ServerSettings(
        ListenerSettings tcp,
        ListenerSettings http,
        HttpSettings httpLimits,
        BrowserGuard httpGuard,
        WebSocketSettings sockets,
        TicketSettings tickets,
        AdminSettings admin,
        AccessSettings access,
        AuditSettings audit,
        int maxConnections,
        int handshakesWaiting,
        AddressLimits.Settings addresses,
        ProxySettings proxies,
        ConnectionSettings connection,
        StoreSettings store,
        CheckpointSettings checkpoints,
        FeedSettings feed,
        OrderSettings order,
        DrainSettings drain,
        Duration takeoverTimeout,
        Duration reloadInterval,
        int ledgerEntries,
        String logLevel) {

    private static final List<String> LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /**
     * Room for collection and key, for the words and members around them, and for some white space. Both names have 640
     * characters at most, of up to 12 bytes each where somebody escapes every one of them.
     */
    static final int ENVELOPE_BYTES = kib(16);

    /**
     * Reads and checks the part under {@code tidegate}.
     *
     * @throws StartException that names the key, its value and what is allowed
     */
    public static ServerSettings from(Config config) throws StartException {
        return from(new SettingsReader(config));
    }

    static ServerSettings from(SettingsReader reader) throws StartException {
        ServerSettings settings = read(reader);
        Optional<String> complaint = reader.complaint();
        if (complaint.isPresent()) {
            throw new StartException(complaint.get());
        }
        return settings;
    }

    private static ServerSettings read(SettingsReader reader) {
        Section http = reader.section("http");
        Section connection = reader.section("connection");
        TlsSettings.checkDefaults(reader.section("tls"));
        ListenerSettings lines = ListenerSettings.from(reader.section("tcp"));
        ListenerSettings web = ListenerSettings.from(http);
        AdminSettings admin = AdminSettings.from(reader.section("admin"));
        requireOwnAddress(http, web, "tcp", lines);
        requireOwnAddress(reader.section("admin"), admin.listener(), "tcp", lines);
        requireOwnAddress(reader.section("admin"), admin.listener(), "http", web);
        ProxySettings proxies = ProxySettings.from(reader.section("proxy"));
        FeedSettings feed = FeedSettings.from(reader.section("feed"));
        // A document comes with its names: in a line, in a message, or alone in a body. What is "auto" has room for all
        // of that.
        int room = feed.maxDocumentBytes() + ENVELOPE_BYTES;
        return new ServerSettings(
                lines,
                web,
                HttpSettings.from(http, room),
                BrowserGuard.withOrigins(http, web.host()),
                WebSocketSettings.from(reader.section("websocket"), room),
                TicketSettings.from(http),
                admin,
                AccessSettings.from(reader.section("access")),
                AuditSettings.from(reader.section("audit")),
                Admission.mostFrom(connection),
                Welcome.mostFrom(connection),
                AddressLimits.Settings.from(connection, proxies.trusted()),
                proxies,
                ConnectionSettings.from(connection, room),
                StoreSettings.from(reader.section("store")),
                CheckpointSettings.from(reader.section("store").section("checkpoints")),
                feed,
                OrderSettings.from(reader),
                DrainSettings.from(reader.section("drain")),
                reader.section("takeover").duration("timeout", Duration.ofSeconds(1), Duration.ofHours(4)),
                reader.section("reload").duration("interval", Duration.ofSeconds(1), Duration.ofDays(1)),
                reader.section("ledger").number("entries", 1, 1_000_000),
                reader.section("log").word("level", LEVELS, level -> level.toUpperCase(Locale.ROOT)));
    }

    /** Where ports are shared, the kernel would let one listener in beside the other, and deal out the clients. */
    private static void requireOwnAddress(
            Section section, ListenerSettings listener, String name, ListenerSettings other) {
        if (listener.port() != 0
                && listener.port() == other.port()
                && listener.host().equals(other.host())) {
            section.misfit(section.shown("port") + ": allowed is another port than that of tidegate." + name);
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
