package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A store that a former version wrote is opened by this one, and nobody who follows it has to start anew. */
@Timeout(120)
class ConversionTest {

    private static final long TRIMMED_BYTES = 123_456;
    private static final Change[] FIRST = {
        Change.put("orders", "a", "{\"key\":1}"), Change.delete("users", "b"), Change.put("users", "c", "2")
    };
    private static final Change SECOND = Change.put("orders", "a", "\"new\"");

    @TempDir
    Path temporary;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Conversion.class);
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private Path directory;
    private FormerStore former;

    @BeforeEach
    void createStore() throws Exception {
        told.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(told);
        directory = Files.createDirectory(temporary.resolve("store"));
        former = new FormerStore(directory, TRIMMED_BYTES);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(told);
        logger.setLevel(null);
    }

    private RocksFeedLog open() throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
    }

    private void appendFirstAndSecond() throws Exception {
        former.append(FIRST);
        former.append(SECOND);
    }

    private static List<String> lines(long from, Change... changes) {
        var lines = new ArrayList<String>();
        for (Change change : changes) {
            lines.add(FormerStore.line(from + lines.size(), change).strip());
        }
        return lines;
    }

    /** All of both batches, in the present format. */
    private static void assertConverted(RocksFeedLog log) throws FeedLogException {
        List<Batch> batches = log.read(0, Integer.MAX_VALUE);
        assertThat(batches).extracting(Batch::firstSeq).containsExactly(1L, 4L);
        assertThat(batches).extracting(Batch::offset).containsExactly(3L, 4L);
        assertThat(batches).extracting(Batch::committedAtMillis).containsOnly(FormerStore.COMMITTED_AT);
        assertThat(batches.get(0).bytesBefore()).isEqualTo(TRIMMED_BYTES);
        assertThat(batches.get(1).bytesBefore()).isEqualTo(batches.get(0).bytesAfter());
        assertThat(Contents.linesAfter(0, log))
                .containsExactlyElementsOf(lines(1, FIRST[0], FIRST[1], FIRST[2], SECOND));
        assertThat(batches.get(0)
                        .linesAfter(0, Selection.ofCollections(List.of(FIRST[1].collection())))
                        .updates())
                .isEqualTo(2);
        assertThat(log.orderState().offset()).isEqualTo(4);
        assertThat(Contents.documents(log, Selection.ALL)).isEqualTo(Map.of("orders/a", "\"new\"", "users/c", "2"));
        assertThat(log.seqOf(SECOND.collection(), SECOND.key())).isEqualTo(4);
    }

    private void assertConvertedForGood() throws Exception {
        assertThat(former.raw().meta("format")).isEqualTo("4");
        assertThat(former.raw().meta("former-from")).isNull();
        told.list.clear();
        open().close();
        assertThat(told.list).isEmpty();
    }

    @Test
    void updatesDocumentsAndPositionsAreKept() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();

        try (var log = open()) {
            assertConverted(log);
            assertThat(log.epochs().include(new Position("k7f3x2ab", 2), 4)).isTrue();
            assertThat(log.epochs().of(4)).isEqualTo(new Position("k7f3x2ab", 4));
            assertThat(told.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("The store " + directory
                            + " is converted from format 2 to 4, 4 updates: older versions of the server"
                            + " refuse it from now on");
        }
        assertConvertedForGood();
    }

    @Test
    void storeOfTheFirstFormatGoesOnWithItsOnlyEpochAsTheFirst() throws Exception {
        former.withItsOnlyEpoch("k7f3x2ab");
        former.appendOrders(1);

        Position second;
        try (var log = open()) {
            new Publisher(log).appendOrders(1);
            second = new Position(log.epochs().newest(), 2);
        }

        try (var log = open()) {
            assertThat(log.epochs().of(1)).isEqualTo(new Position("k7f3x2ab", 1));
            assertThat(log.epochs().include(new Position("k7f3x2ab", 1), 2)).isTrue();
            assertThat(log.epochs().include(new Position("k7f3x2ab", 2), 2)).isFalse();
            assertThat(log.epochs().include(second, 2)).isTrue();
        }
        assertThat(former.raw().meta("epoch")).isNull();
        assertThat(former.raw().meta("boot")).isNull();
        assertConvertedForGood();
    }

    @Test
    void updatesFollowInTheSameLog() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();

        try (var log = open()) {
            Batch next = new Publisher(log).append(Change.put("orders", "d", "5"));
            assertThat(next.firstSeq()).isEqualTo(5);
            assertThat(log.orderState().offset()).isEqualTo(5);
        }
        try (var log = open()) {
            assertThat(Contents.linesAfter(3, log))
                    .containsExactly(lines(4, SECOND).get(0), "5 orders/d 5");
        }
    }

    @Test
    void whatWasTrimmedIsLeftAsItWas() throws Exception {
        former.withEpoch("k7f3x2ab");
        former.append(List.of("this is no line of ours\n"), Change.put("orders", "x", "1"));
        former.appendOrders(3);
        former.startLogAt(2);

        try (var log = open()) {
            assertThat(log.oldest()).isNotNull().extracting(Batch::firstSeq).isEqualTo(2L);
            assertThat(Contents.linesAfter(1, log)).hasSize(3);
        }
        assertConvertedForGood();
    }

    @Test
    void emptyStoreIsOfThePresentFormatFromThenOn() throws Exception {
        former.withEpoch("k7f3x2ab");

        try (var log = open()) {
            assertThat(log.last()).isNull();
        }

        assertConvertedForGood();
    }

    @Test
    void interruptedConversionGoesOnWhereItWas() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();

        for (int steps = 0; steps <= 3; steps++) {
            Path copy = Files.createDirectory(temporary.resolve("interrupted-" + steps));
            Crash.copy(directory, copy);
            interruptAfter(steps, copy);

            assertThat(new RawStore(copy).meta("format"))
                    .as("what former versions refuse")
                    .isEqualTo("4");
            if (steps == 1) {
                // As the version before this one was interrupted.
                new RawStore(copy).removeIndex();
            }
            try (var log = RocksFeedLog.open(new StoreSettings(copy, Durability.SYNC))) {
                assertConverted(log);
                assertThat(log.epochs().include(new Position("k7f3x2ab", 4), 4)).isTrue();
            }
            assertThat(new RawStore(copy).meta("former-from")).isNull();
        }
    }

    /** A batch a step, and a last one when there is none any more. */
    private static void interruptAfter(int steps, Path store) throws Exception {
        StoreDirectory opened = StoreDirectory.prepare(store);
        try (Database database = Database.open(opened, Durability.OS)) {
            var conversion = new Conversion(database, opened, 1);
            assertThat(conversion.begin()).isTrue();
            for (int step = 1; step <= steps; step++) {
                assertThat(conversion.step()).isEqualTo(step <= 2);
            }
        }
    }

    @Test
    void storeOfTheThirdFormatGoesOnAsItIs() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();
        open().close();
        former.raw().removeIndex();
        told.list.clear();

        try (var log = open()) {
            assertConverted(log);
            assertThat(log.epochs().include(new Position("k7f3x2ab", 2), 4)).isTrue();
            assertThat(told.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("The store " + directory
                            + " goes on from format 3 to 4, as it is: older versions of the server refuse it"
                            + " from now on");
            new Publisher(log).append(Change.put("orders", "d", "5"));
        }
        assertConvertedForGood();
    }

    @Test
    void changesAreKnownFromTheFirstCommitOnAndFoundInTheBatchesBefore() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();
        var users = Selection.ofCollections(List.of(FIRST[1].collection()));

        try (var log = open()) {
            assertThat(log.changesKnownAfter()).isEqualTo(Long.MAX_VALUE);
            assertThat(log.changes(0, users, 1000, 4)).isEmpty();
            new Publisher(log).append(Change.put("orders", "d", "5"));
            new Publisher(log).append(Change.put("users", "c", "6"));

            assertThat(log.changesKnownAfter()).isEqualTo(4);
            assertThat(log.changes(3, users, 1000, 6)).isEmpty();
            assertThat(log.changes(4, users, 1000, 6).orElseThrow().documents()).hasSize(1);
            assertThat(log.find(0, users, 1000, 6).orElseThrow().batches())
                    .extracting(Batch::firstSeq)
                    .startsWith(1L);
            assertThat(log.find(4, users, 1000, 6).orElseThrow().batches())
                    .extracting(Batch::firstSeq)
                    .containsExactly(6L);
        }
    }

    @Test
    void anIndexThatWasBegunBeforeTheFormatWasWrittenIsGoneOnWith() throws Exception {
        former.withEpoch("k7f3x2ab");
        appendFirstAndSecond();
        open().close();
        former.raw().putMeta("format", "3");

        try (var log = open()) {
            new Publisher(log).append(Change.put("orders", "d", "5"));
            assertThat(log.changesKnownAfter()).isEqualTo(4);
        }
        assertConvertedForGood();
    }

    @Test
    void updateWithoutAKeyIsDamage() throws Exception {
        former.withEpoch("k7f3x2ab");
        former.appendOrders(1);
        former.append(List.of("nonsense\n"), Change.put("orders", "x", "1"));
        former.appendOrders(1);

        assertThatThrownBy(this::open)
                .isInstanceOf(FeedLogException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("is damaged (a stored line has no key)");
    }
}
