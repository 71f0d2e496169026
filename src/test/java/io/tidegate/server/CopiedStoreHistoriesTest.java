package io.tidegate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connection.LineEvents;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Directories;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.StoredDocument;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Batch;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Snapshot;
import io.tidegate.feed.SnapshotReader;
import io.tidegate.feed.StepExecutor;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Subscription;
import io.tidegate.feed.Wakeup;
import io.tidegate.rocksdb.Durability;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.rocksdb.StoreTransfer;
import io.tidegate.shared.MemorySharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedOrder;
import io.tidegate.shared.SharedSettings;
import io.tidegate.shared.StoreFit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of stores that are backed up, restored, copied while they run, killed and restarted, with copies that go on beside
 * each other, or are nodes of one shared feed. No client, wherever it was before, holds a document after it has caught up that the server does not have, and lacks none. A
 * tag of a document never stands for two values, and a change that was answered under its id is there where it is answered.
 *
 * <p>{@code -Dtidegate.seed=…} replays the one that a failure names; {@code -Dtidegate.histories=200} takes its time.
 */
@Timeout(1200)
class CopiedStoreHistoriesTest {

    private static final int HISTORIES = Integer.getInteger("tidegate.histories", 4);
    private static final int STEPS = 70;
    private static final int MOST_SERVERS = 3;
    private static final int KEYS = 6;
    private static final Collection COLLECTION = new Collection("c");

    private static final Pattern EVENT =
            Pattern.compile("\\{\"event\":\"(document|put|delete)\",.*\"key\":\"(\\w+)\"(?:,\"value\":\"([^\"]*)\")?}");

    /** A node has read all that is new in fewer. */
    private static final int TURNS = 30;

    private static final FeedSettings LIMITS = FeedLimits.roomy()
            .batch(3, 1 << 16)
            .ring(2, 1 << 16)
            .retention(30, 1 << 20)
            .settings();

    private static final SharedSettings SHARED = SharedStoreOpenTest.LIMITS;

    private static final PeerSettings NOBODY_ELSE =
            new PeerSettings(List.of(), 100_000, Optional.empty(), Optional.empty(), Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private static @Nullable Matcher event(String line) {
        Matcher event = EVENT.matcher(line);
        return event.matches() ? event : null;
    }

    /** What one client holds, and where it was when it left. */
    private static final class Holder {
        private final Map<String, String> documents = new TreeMap<>();
        private @Nullable Position position;

        private void take(EventLines lines) {
            lines.bytes().utf8String().lines().forEach(line -> {
                Matcher event = event(line);
                if (event == null) {
                    throw new AssertionError("no event: " + line);
                }
                if (event.group(1).equals("delete")) {
                    documents.remove(event.group(2));
                } else {
                    documents.put(event.group(2), event.group(3));
                }
            });
        }
    }

    /** A server on its store, without its listeners. */
    private static final class Server {
        private final Path store;
        private final @Nullable MemorySharedLog shared;
        private FeedLog log;
        private Feed feed;
        private StepExecutor commits = new StepExecutor();
        private StepExecutor proposals = new StepExecutor();

        /** @param shared what orders the changes of all servers; null if each is alone */
        Server(Path store, @Nullable MemorySharedLog shared) throws Exception {
            this.store = store;
            this.shared = shared;
            open();
        }

        final void open() throws Exception {
            commits = new StepExecutor();
            proposals = new StepExecutor();
            var settings = new StoreSettings(store, Durability.OS);
            MemorySharedLog all = shared;
            if (all == null) {
                log = RocksFeedLog.open(settings);
                feed = feed(Feed.orderOfOne(LIMITS, commits));
                return;
            }
            MemorySharedLog.Client node = node(all);
            log = new SharedStore(node, settings.sharing(StoreFit.epoch(node)), SHARED, NOBODY_ELSE)
                    .open(RocksFeedLog::open);
            feed = feed(new SharedOrder(node, LIMITS, SHARED, proposals, commits));
            work();
        }

        /** What it appends is there at once. */
        private static MemorySharedLog.Client node(MemorySharedLog all) {
            return all.new Client() {
                @Override
                public void append(byte[] bytes) throws SharedLogException {
                    super.append(bytes);
                    arrive();
                }
            };
        }

        /** Does all that there is to do; a node of many looks for more without end. */
        void work() {
            if (shared == null) {
                commits.runAll();
                return;
            }
            for (int turn = 0; turn < TURNS; turn++) {
                proposals.runAll();
                boolean unused = commits.runNext();
            }
        }

        private Feed feed(Order order) {
            return new Feed(
                    order, log, LIMITS, new LineEvents(), commits, Runnable::run, Runnable::run, CommitObserver.NONE);
        }

        Map<String, String> documents() throws FeedLogException {
            Map<String, String> documents = new TreeMap<>();
            try (Snapshot snapshot = log.snapshot(Selection.ALL)) {
                snapshot.read(Snapshot.START, document -> {
                    documents.put(text(document::writeKey), text(document::writeValue));
                    return true;
                });
            }
            return documents;
        }

        private static String text(Consumer<Utf8Buffer> part) {
            var buffer = new Utf8Buffer(16);
            part.accept(buffer);
            String quoted = new String(buffer.toArray(), StandardCharsets.UTF_8);
            return quoted.substring(1, quoted.length() - 1);
        }
    }

    /** A change that was answered under its id, by whichever server. */
    private record Identified(Change change, PublicationId id, String value) {}

    private final class History {

        private final Random random;
        private final Path root;
        private final List<Server> servers = new ArrayList<>();
        private final List<Path> backups = new ArrayList<>();
        private final List<Holder> clients = new ArrayList<>();
        private final List<Identified> identified = new ArrayList<>();
        private final Map<Position, String> values = new HashMap<>();
        private final Map<String, Position> tags = new HashMap<>();
        private final @Nullable MemorySharedLog shared;
        private int number;
        private int resumed;
        private int refused;
        private int restored;

        History(long seed) throws Exception {
            random = new Random(seed);
            root = directory.resolve("h" + seed);
            shared = seed % 4 == 0 ? new MemorySharedLog() : null;
            servers.add(new Server(next("store"), shared));
        }

        private Path next(String kind) {
            return root.resolve(kind + number++);
        }

        void run() throws Exception {
            try {
                for (int step = 0; step < STEPS; step++) {
                    act(servers.get(random.nextInt(servers.size())), random.nextInt(100));
                }
                for (Server server : servers) {
                    server.work();
                    for (Holder client : clients) {
                        catchUp(client, server, Steps.EVERY, true);
                    }
                }
            } finally {
                for (Server server : servers) {
                    server.log.close();
                }
                Directories.delete(root);
            }
        }

        private void act(Server server, int action) throws Exception {
            server.work();
            if (action < 38) {
                publish(server);
            } else if (action < 44) {
                clients.add(new Holder());
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
                servers.add(new Server(store, shared));
            }
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private void publish(Server server) throws FeedLogException {
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

        private void publish(Server server, boolean hasId) {
            String value = "v" + number++;
            Change change = random.nextInt(4) == 0 && !hasId
                    ? Change.delete("c", key())
                    : Change.put("c", key(), quoted(value));
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

        private Publication settled(Server server, Change change, Precondition condition, @Nullable PublicationId id) {
            Publication publication = server.feed.publish(change, condition, id, () -> {});
            server.work();
            assertThat(publication.isSettled()).isTrue();
            return publication;
        }

        /** It was taken here before, or is now; in either case the number that is told is that of this change. */
        private void again(Server server, Identified change) throws FeedLogException {
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
        private void onCondition(Server server, String key) throws FeedLogException {
            Position tag = tags.get(key);
            String before = server.documents().get(key);
            Publication done = settled(
                    server,
                    Change.put("c", key, quoted("w" + number++)),
                    Precondition.mustBeAt(requireNonNull(tag)),
                    null);
            if (done.refusal() == null) {
                assertThat(before).as("the value at %s", tag).isEqualTo(values.get(tag));
            }
        }

        private void read(Server server, String key) {
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
        private void catchUp(Holder client, Server server, Steps steps, boolean entirely) throws FeedLogException {
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

        private @Nullable Subscription subscribe(Holder client, Server server, Steps steps) {
            return server.feed.subscribe(requireNonNull(client.position), Selection.ALL, steps, nobody());
        }

        private static Wakeup nobody() {
            return new Wakeup(Runnable::run, () -> {});
        }

        private Subscription anew(Holder client, Server server, Steps steps) throws FeedLogException {
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
        private void kill(Server server) throws Exception {
            Path left = copyOf(server);
            server.log.close();
            Directories.delete(server.store);
            Files.move(left, server.store);
        }

        private Path backUp(Server server) throws FeedLogException, IOException {
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
        private Path copyOf(Server server) throws IOException {
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

        private void restore(Server server) throws Exception {
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

    @Test
    void whoHasCaughtUpHoldsWhatTheServerHas() {
        Long replayed = Long.getLong("tidegate.seed");
        int resumed = 0;
        int refused = 0;
        int restored = 0;
        for (long seed = replayed == null ? 1 : replayed; seed <= (replayed == null ? HISTORIES : replayed); seed++) {
            try {
                var history = new History(seed);
                history.run();
                resumed += history.resumed;
                refused += history.refused;
                restored += history.restored;
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // Histories that never come to what they are about prove nothing.
            assertThat(resumed).isGreaterThan(5 * HISTORIES);
            assertThat(refused).isGreaterThan(2 * HISTORIES);
            assertThat(restored).isGreaterThan(HISTORIES);
        }
    }
}
