package io.tidegate.cli.conformance;

import com.typesafe.config.ConfigFactory;
import io.tidegate.document.Change;
import io.tidegate.document.Directories;
import io.tidegate.document.Position;
import io.tidegate.server.StartException;
import io.tidegate.server.Tidegate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A server behind proxies, and what is true of its documents.
 *
 * <pre>
 *  program ─► proxy ─► TCP  ─┐
 *          └► proxy ─► HTTP ─┴─► server ◄─ changes, each noted
 * </pre>
 */
final class Stage implements AutoCloseable {

    static final String COLLECTION = "things";

    private static final int KEYS = 20;

    /** How often files are deleted that others may come to meanwhile. */
    private static final int SWEEPS = 5;

    /** So little is held that who is away for a while has missed more. */
    private static final int RETAINED = 200;

    private final Path directory = Files.createTempDirectory("tidegate-conformance");
    private final Random random;
    private final Truth truth = new Truth();
    private final FaultProxy tcp;
    private final FaultProxy http;

    private Tidegate server;
    private int stores;

    Stage(Random random) throws IOException, StartException {
        this.random = random;
        server = start();
        truth.begin(server.position());
        tcp = new FaultProxy(() -> server.tcpAddress().getPort(), random);
        http = new FaultProxy(() -> server.httpAddress().getPort(), random);
    }

    private Tidegate start() throws StartException {
        return Tidegate.start(ConfigFactory.parseMap(Map.of(
                "tidegate.tcp.port",
                0,
                "tidegate.http.port",
                0,
                "tidegate.admin.port",
                0,
                "tidegate.store.durability",
                "os",
                "tidegate.feed.retention.updates",
                RETAINED,
                "tidegate.feed.retention.tombstones",
                "1 s",
                "tidegate.store.directory",
                directory.resolve("store-" + stores).toString())));
    }

    Truth truth() {
        return truth;
    }

    int tcpPort() {
        return tcp.port();
    }

    int httpPort() {
        return http.port();
    }

    Position head() {
        return server.position();
    }

    /** Puts and deletes documents, one after the other; each time there is something else. */
    void change(int count) {
        for (int i = 0; i < count; i++) {
            String key = "k" + random.nextInt(KEYS);
            if (random.nextInt(3) == 0 && truth.documents().containsKey(key)) {
                Position at = published(Change.delete(COLLECTION, key));
                truth.changed(key, null, at);
            } else {
                int number = random.nextInt(1_000_000);
                String text = "€ \\u0007 ".repeat(random.nextInt(20));
                Position at = published(Change.put(
                        COLLECTION, key, "{\"n\":" + number + ",\"text\":\"" + text + "\",\"list\":[1,true]}"));
                truth.changed(key, Report.value(number, text.replace("\\u0007", "\u0007")), at);
            }
        }
    }

    private Position published(Change change) {
        return server.publish(change).toCompletableFuture().join();
    }

    void cutWithin(int bytes) {
        tcp.cutWithin(bytes);
        http.cutWithin(bytes);
    }

    int cuts() {
        return tcp.cuts() + http.cuts();
    }

    void setStalled(boolean stalled) {
        tcp.setStalled(stalled);
        http.setStalled(stalled);
    }

    void setDown(boolean down) {
        tcp.setDown(down);
        http.setDown(down);
    }

    void heal() {
        tcp.heal();
        http.heal();
    }

    /** Ends the server in good order, and starts it again on its store. */
    void restart() throws StartException {
        server.close();
        server = start();
        truth.opened(server.position());
    }

    /** Another server, which has nothing, in its place. */
    void replace() throws StartException {
        server.close();
        stores++;
        server = start();
        truth.begin(server.position());
    }

    /** As far as that goes while the server runs: for a process that ends. */
    void deleteFiles() {
        boolean done = false;
        for (int i = 0; i < SWEEPS && !done; i++) {
            try {
                Directories.delete(directory);
                done = true;
            } catch (IOException | UncheckedIOException e) {
                // The server has written another file, or deleted one.
            }
        }
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        http.close();
        server.close();
        Directories.delete(directory);
    }
}
