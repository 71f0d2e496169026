package io.tidegate.server;

import io.tidegate.connection.LineEvents;
import io.tidegate.document.Selection;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.CommitObserver;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLimits;
import io.tidegate.feed.FeedLog;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.FeedSettings;
import io.tidegate.feed.Order;
import io.tidegate.feed.Snapshot;
import io.tidegate.feed.StepExecutor;
import io.tidegate.rocksdb.Durability;
import io.tidegate.rocksdb.RocksFeedLog;
import io.tidegate.rocksdb.StoreSettings;
import io.tidegate.shared.MemorySharedLog;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedOrder;
import io.tidegate.shared.SharedSettings;
import io.tidegate.shared.StoreFit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server on its store, without its listeners. */
final class BareServer {

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

    final Path store;
    private final @Nullable MemorySharedLog shared;
    FeedLog log;
    Feed feed;
    private StepExecutor commits = new StepExecutor();
    private StepExecutor proposals = new StepExecutor();

    /** @param shared what orders the changes of all servers; null if each is alone */
    BareServer(Path store, @Nullable MemorySharedLog shared) throws Exception {
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
