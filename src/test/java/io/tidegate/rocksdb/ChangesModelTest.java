package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLog.Changes;
import io.tidegate.feed.FeedLog.Found;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of commits, trims and openings, and what is found in them, against a log in memory that looks at everything. A failure
 * names its seed; {@code -Dtidegate.seed=…} replays that one history.
 */
@Timeout(300)
class ChangesModelTest {

    private static final int HISTORIES = 40;
    private static final int STEPS = 150;
    private static final long MUCH = 1L << 40;

    private static final List<String> COLLECTIONS = List.of("a", "ab", "ü");
    private static final List<String> KEYS =
            List.of("1", "10", "11", "2", "eu-1", "eu-2", "eu", "a\"b", "a\\", "a", "ß", "€1", "€", "x*", "x y");

    @TempDir
    Path temporary;

    private Random random = new Random();
    private MemoryFeedLog memory = new MemoryFeedLog();
    private List<Change> history = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // each history opens its own
    private RocksFeedLog log;

    private int trims;
    private int forgotten;
    private int resumed;
    private int passedOver;

    @Test
    void whatIsFoundIsWhatConcernsTheSelectionAndAddsUpToTheDocumentsOfNow() throws Exception {
        Long replayed = Long.getLong("tidegate.seed");
        long first = replayed == null ? 1 : replayed;
        long last = replayed == null ? HISTORIES : replayed;
        for (long seed = first; seed <= last; seed++) {
            try {
                run(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay it with -Dtidegate.seed=" + seed, e);
            }
        }
        if (replayed == null) {
            // A model that never comes to what it is about proves nothing.
            assertThat(trims).isGreaterThan(HISTORIES);
            assertThat(forgotten).isGreaterThan(HISTORIES);
            assertThat(resumed).isGreaterThan(HISTORIES);
            assertThat(passedOver).isGreaterThan(HISTORIES);
        }
    }

    private void run(long seed) throws FeedLogException {
        random = new Random(seed);
        Path directory = temporary.resolve("store-" + seed);
        memory = new MemoryFeedLog();
        memory.rememberChanges(Long.MAX_VALUE / 2);
        history = new ArrayList<>();
        log = open(directory);
        try {
            append();
            for (int step = 0; step < STEPS; step++) {
                step(directory);
            }
        } finally {
            log.close();
        }
    }

    private static RocksFeedLog open(Path directory) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
    }

    private void step(Path directory) throws FeedLogException {
        int choice = random.nextInt(100);
        if (choice < 40) {
            append();
        } else if (choice < 50) {
            trim();
        } else if (choice < 52) {
            log.close();
            log = open(directory);
        } else if (choice < 70) {
            find(place(), selection(), limit());
        } else if (choice < 90) {
            changes(place(), selection(), random.nextBoolean() ? limit() : 1 + random.nextInt((int) head()));
        } else {
            resume();
        }
        assertThat(log.changesKnownAfter())
                .isLessThan(requireNonNull(log.oldest()).firstSeq());
    }

    private long head() {
        return history.size();
    }

    /** Anywhere, and often at the end of a batch. */
    private long place() {
        List<Batch> batches = memory.batches();
        return random.nextBoolean()
                ? random.nextInt((int) head())
                : batches.get(random.nextInt(batches.size())).firstSeq() - 1;
    }

    /** The end of a batch. */
    private long limit() {
        List<Batch> batches = memory.batches();
        return random.nextBoolean()
                ? head()
                : batches.get(random.nextInt(batches.size())).lastSeq();
    }

    private Selection selection() {
        int choice = random.nextInt(20);
        if (choice < 2) {
            return choice == 0 ? Selection.ALL : Selection.NONE;
        }
        List<Selector> selectors = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? 8 : random.nextInt(3); i >= 0; i--) {
            selectors.add(selector());
        }
        return Selection.of(selectors);
    }

    private Selector selector() {
        DocumentName name = name();
        return switch (random.nextInt(5)) {
            case 0 -> new Selector.Whole(name.collection());
            case 1 -> new Selector.Prefix(name.collection(), name.key().text().substring(0, 1));
            default -> new Selector.One(name.collection(), name.key());
        };
    }

    private DocumentName name() {
        return new DocumentName(new Collection(anyOf(COLLECTIONS)), new Key(anyOf(KEYS)));
    }

    private String anyOf(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private int maxBytes() {
        return random.nextBoolean() ? 1 << 20 : 1 + random.nextInt(1000);
    }

    // ---- what happens

    private void append() throws FeedLogException {
        var builder = new Batch.Builder(new PlainLines());
        List<Batch> batches = new ArrayList<>();
        List<Change> all = new ArrayList<>();
        Batch last = log.last();
        long before = last == null ? 0 : last.bytesAfter();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<Change> changes = someChanges(head() + all.size());
            Batch batch = builder.build(changes, head() + all.size() + 1, 0, before, System.currentTimeMillis());
            batches.add(batch);
            all.addAll(changes);
            before = batch.bytesAfter();
        }
        log.append(batches, all);
        memory.append(batches, all);
        history.addAll(all);
    }

    /** Each value is its own number. */
    private List<Change> someChanges(long seq) {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 12 : random.nextInt(4); i >= 0; i--) {
            DocumentName name = name();
            changes.add(
                    random.nextInt(3) == 0
                            ? new Change.Delete(name.collection(), name.key())
                            : new Change.Put(
                                    name.collection(), name.key(), Json.of(Long.toString(seq + changes.size() + 1))));
        }
        return changes;
    }

    private void trim() throws FeedLogException {
        long oldest = requireNonNull(log.oldest()).firstSeq();
        var retention = new Retention(
                1 + random.nextInt(100), MUCH, Duration.ZERO, Duration.ofDays(7), random.nextInt(4) * 1000L);

        log.trim(retention, Long.MAX_VALUE);

        long now = requireNonNull(log.oldest()).firstSeq();
        trims += now > oldest ? 1 : 0;
        memory.trimTo(now - 1);
    }

    // ---- what is asked

    private void find(long seq, Selection selection, long limit) throws FeedLogException {
        if (seq >= limit) {
            return;
        }
        Optional<Found> found = log.find(seq, selection, maxBytes(), limit);

        assertThat(found.isPresent())
                .isEqualTo(seq + 1 >= requireNonNull(log.oldest()).firstSeq());
        if (found.isPresent()) {
            long last = found.get().last();
            assertThat(last).isBetween(seq + 1, limit);
            List<Batch> expected = memory.find(seq, selection, Integer.MAX_VALUE, last)
                    .orElseThrow()
                    .batches();
            assertThat(found.get().batches())
                    .extracting(Batch::firstSeq)
                    .isEqualTo(expected.stream().map(Batch::firstSeq).toList());
            passedOver += expected.isEmpty() ? 1 : 0;
        }
    }

    private Optional<Changes> changes(long seq, Selection selection, long limit) throws FeedLogException {
        if (seq >= limit) {
            return Optional.empty();
        }
        Optional<Changes> found = log.changes(seq, selection, maxBytes(), limit);

        assertThat(found.isPresent()).isEqualTo(seq >= log.changesKnownAfter());
        forgotten += found.isPresent() ? 0 : 1;
        if (found.isPresent()) {
            long last = found.get().last();
            assertThat(last).isBetween(seq + 1, limit);
            List<Changed> documents = new ArrayList<>(found.get().documents());
            assertThat(documents).extracting(Changed::seq).isSorted();
            for (Changed changed : found.get().documents()) {
                if (isDeletedAnew(changed, last)) {
                    documents.remove(changed);
                }
            }
            assertThat(documents)
                    .isEqualTo(memory.changes(seq, selection, Integer.MAX_VALUE, last)
                            .orElseThrow()
                            .documents());
        }
        return found;
    }

    /** Of one that was put and deleted again since, nobody knows before that is come upon: it is told twice. */
    private boolean isDeletedAnew(Changed changed, long last) throws FeedLogException {
        return changed.value() == null
                && history.get((int) changed.seq() - 1) instanceof Change.Delete
                && memory.seqOf(changed.name().collection(), changed.name().key()) == 0
                && history.subList((int) last, history.size()).stream()
                        .anyMatch(change -> change.name().equals(changed.name()));
    }

    /** Somebody who has the documents as they were somewhere gets what changed, while more changes. */
    private void resume() throws FeedLogException {
        long from = Math.max(log.changesKnownAfter(), random.nextInt((int) head()));
        Selection selection = selection();
        Map<DocumentName, String> has = documentsAt(from, selection);
        long at = from;
        for (int appends = random.nextInt(4); at < head(); ) {
            Changes next = changes(at, selection, head()).orElseThrow();
            next.documents().forEach(changed -> apply(changed, has));
            at = next.last();
            if (appends-- > 0) {
                append();
            }
        }
        assertThat(has).isEqualTo(documentsAt(head(), selection));
        resumed++;
    }

    private static void apply(Changed changed, Map<DocumentName, String> documents) {
        Json value = changed.value();
        if (value == null) {
            documents.remove(changed.name());
        } else {
            assertThat(value).hasToString(Long.toString(changed.seq()));
            documents.put(changed.name(), value.toString());
        }
    }

    private Map<DocumentName, String> documentsAt(long seq, Selection selection) {
        Map<DocumentName, String> documents = new TreeMap<>();
        for (Change change : history.subList(0, (int) seq)) {
            if (change instanceof Change.Put put && selection.includes(change.name())) {
                documents.put(change.name(), put.value().toString());
            } else {
                documents.remove(change.name());
            }
        }
        return documents;
    }
}
