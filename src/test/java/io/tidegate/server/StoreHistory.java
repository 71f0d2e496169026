package io.tidegate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Directories;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import io.tidegate.feed.Batch;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Publication;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import io.tidegate.rocksdb.StoreTransfer;
import io.tidegate.shared.MemorySharedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One random history of stores, and of the clients of their servers. */
final class StoreHistory {

    private static final int STEPS = 70;
    private static final int MOST_SERVERS = 3;
    private static final int KEYS = 6;
    private static final Collection COLLECTION = new Collection("c");

    /** A change that was answered under its id, by whichever server. */
    private record Identified(Change change, PublicationId id, String value) {}

    private final Random random;
    private final Path root;
    private final List<BareServer> servers = new ArrayList<>();
    private final List<Path> backups = new ArrayList<>();
    private final List<DocumentHolder> clients = new ArrayList<>();
    private final List<Identified> identified = new ArrayList<>();
    private final Map<Position, String> values = new HashMap<>();
    private final Map<String, Position> tags = new HashMap<>();
    private final @Nullable MemorySharedLog shared;
    private int number;
    private int resumed;
    private int refused;
    private int restored;

    /** @param directory for its stores, among those of others */
    StoreHistory(long seed, Path directory) throws Exception {
        random = new Random(seed);
        root = directory.resolve("h" + seed);
        shared = seed % 4 == 0 ? new MemorySharedLog() : null;
        servers.add(new BareServer(next("store"), shared));
    }

    /** How often a client went on where it was. */
    int resumed() {
        return resumed;
    }

    /** How often one began anew because it could not. */
    int refused() {
        return refused;
    }

    int restored() {
        return restored;
    }

    private Path next(String kind) {
        return root.resolve(kind + number++);
    }

    void run() throws Exception {
        try {
            for (int step = 0; step < STEPS; step++) {
                act(servers.get(random.nextInt(servers.size())), random.nextInt(100));
            }
            for (BareServer server : servers) {
                server.work();
                for (DocumentHolder client : clients) {
                    catchUp(client, server, Steps.EVERY, true);
                }
            }
        } finally {
            for (BareServer server : servers) {
                server.log.close();
            }
            Directories.delete(root);
        }
    }

    private void act(BareServer server, int action) throws Exception {
        server.work();
        if (action < 38) {
            publish(server);
        } else if (action < 44) {
            clients.add(new DocumentHolder());
        } else if (action < 76 && !clients.isEmpty()) {
            catchUp(
                    clients.get(random.nextInt(clients.size())),
                    server,
                    random.nextBoolean() ? Steps.EVERY : Steps.NEWEST,
                    random.nextBoolean());
        } else if (action < 80) {
            server.log.close();
            server.open();
        } else if (action < 84) {
            kill(server);
            server.open();
        } else if (action < 90) {
            backups.add(random.nextBoolean() ? backUp(server) : copyOf(server));
        } else if (action < 96 && !backups.isEmpty()) {
            restore(server);
        } else if (!backups.isEmpty() && servers.size() < MOST_SERVERS) {
            Path store = next("store");
            StoreCopies.restore(any(backups), store);
            servers.add(new BareServer(store, shared));
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void publish(BareServer server) throws FeedLogException {
        for (int i = random.nextInt(5); i >= 0; i--) {
            int kind = random.nextInt(10);
            if (kind < 2 && !identified.isEmpty()) {
                again(server, any(identified));
            } else if (kind < 4 && !tags.isEmpty()) {
                onCondition(server, any(List.copyOf(tags.keySet())));
            } else {
                publish(server, kind > 8);
            }
        }
        read(server, key());
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private void publish(BareServer server, boolean hasId) {
        String value = "v" + number++;
        Change change =
                random.nextInt(4) == 0 && !hasId ? Change.delete("c", key()) : Change.put("c", key(), quoted(value));
        PublicationId id = hasId ? new PublicationId(value) : null;
        Publication done = settled(server, change, Precondition.none(), id);
        assertThat(done.refusal()).isNull();
        if (id != null) {
            identified.add(new Identified(change, id, value));
        }
    }

    private static String quoted(String value) {
        return "\"" + value + "\"";
    }

    private Publication settled(BareServer server, Change change, Precondition condition, @Nullable PublicationId id) {
        Publication publication = server.feed.publish(change, condition, id, () -> {});
        server.work();
        assertThat(publication.isSettled()).isTrue();
        return publication;
    }

    /** It was taken here before, or is now; in either case the number that is told is that of this change. */
    private void again(BareServer server, Identified change) throws FeedLogException {
        Publication done = settled(server, change.change(), Precondition.none(), change.id());
        assertThat(done.refusal()).isNull();
        for (Batch batch : server.log.read(done.seq() - 1, 1)) {
            String line = batch.linesAfter(done.seq() - 1, Selection.ALL)
                    .bytes()
                    .utf8String()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            if (line.contains("\"seq\":" + done.seq() + ",")) {
                assertThat(line).contains(quoted(change.value()));
            }
        }
    }

    /** By a tag that any server gave for it at any time: if that holds, the document has the value that was seen with it. */
    private void onCondition(BareServer server, String key) throws FeedLogException {
        Position tag = tags.get(key);
        String before = server.documents().get(key);
        Publication done = settled(
                server, Change.put("c", key, quoted("w" + number++)), Precondition.mustBeAt(requireNonNull(tag)), null);
        if (done.refusal() == null) {
            assertThat(before).as("the value at %s", tag).isEqualTo(values.get(tag));
        }
    }

    private void read(BareServer server, String key) {
        StoredDocument document = server.feed
                .read(COLLECTION, new Key(key))
                .toCompletableFuture()
                .join()
                .orElse(null);
        if (document != null) {
            String value = document.value().toString().replace("\"", "");
            String known = values.putIfAbsent(document.position(), value);
            assertThat(known == null ? value : known)
                    .as("%s", document.position())
                    .isEqualTo(value);
            tags.put(key, document.position());
        }
    }

    /** @param entirely or the client leaves on the way */
    private void catchUp(DocumentHolder client, BareServer server, Steps steps, boolean entirely)
            throws FeedLogException {
        Subscription subscription = client.position == null ? null : subscribe(client, server, steps);
        if (subscription == null) {
            refused += client.position == null ? 0 : 1;
            subscription = anew(client, server, steps);
        } else {
            resumed++;
        }
        boolean mayLeave = !entirely && steps == Steps.EVERY;
        while (subscription.seq() < server.feed.head().seq() && !(mayLeave && random.nextInt(3) == 0)) {
            EventLines lines = subscription.poll(200);
            if (lines != null) {
                client.take(lines);
            }
        }
        client.position = server.feed.positionAt(subscription.seq());
        if (subscription.seq() == server.feed.head().seq()) {
            assertThat(client.documents).as("at %s", client.position).isEqualTo(server.documents());
        }
        subscription.close();
    }

    private @Nullable Subscription subscribe(DocumentHolder client, BareServer server, Steps steps) {
        return server.feed.subscribe(requireNonNull(client.position), Selection.ALL, steps, nobody());
    }

    private static Wakeup nobody() {
        return new Wakeup(Runnable::run, () -> {});
    }

    private Subscription anew(DocumentHolder client, BareServer server, Steps steps) throws FeedLogException {
        client.documents.clear();
        SnapshotReader reader = server.feed.readSnapshot(Selection.ALL, 100, nobody());
        while (!reader.isAtEnd()) {
            EventLines lines = reader.poll();
            if (lines != null) {
                client.take(lines);
            }
        }
        Subscription subscription = server.feed.subscribeAfter(reader.seq(), Selection.ALL, steps, nobody());
        reader.close();
        return subscription;
    }

    /** What a killed process leaves is what its files were at that moment. */
    private void kill(BareServer server) throws Exception {
        Path left = copyOf(server);
        server.log.close();
        Directories.delete(server.store);
        Files.move(left, server.store);
    }

    private Path backUp(BareServer server) throws FeedLogException, IOException {
        Path backup = next("backup");
        StoreTransfer transfer = StoreTransfer.of(backup);
        Path incoming = transfer.begin();
        Directories.delete(incoming);
        Position head = server.feed.head();
        server.log.copyTo(incoming);
        transfer.mark(head);
        transfer.finish();
        return backup;
    }

    /** All files at one moment, as a snapshot of the file system has them. */
    private Path copyOf(BareServer server) throws IOException {
        Path copy = next("copy");
        Map<String, Long> before;
        do {
            // RocksDB works in the background, and no moment is over before it is copied.
            Directories.delete(copy);
            Files.createDirectories(copy);
            before = lengths(server.store);
        } while (!copies(server.store, copy) || !lengths(server.store).equals(before));
        return copy;
    }

    private static boolean copies(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Map<String, Long> lengths(Path directory) throws IOException {
        Map<String, Long> lengths = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                lengths.put(file.getFileName().toString(), file.toFile().length());
            }
        }
        return lengths;
    }

    private void restore(BareServer server) throws Exception {
        if (random.nextBoolean()) {
            kill(server);
        } else {
            server.log.close();
        }
        StoreCopies.restore(any(backups), server.store);
        server.open();
        restored++;
    }
}
