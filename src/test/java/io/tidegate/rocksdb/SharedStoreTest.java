package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.feed.Batch;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.OrderState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of a feed that other nodes have as well. */
class SharedStoreTest {

    private static final byte[] MEMORY = {1, 2, 3};

    @TempDir
    Path directory;

    private StoreSettings settings() {
        return new StoreSettings(directory.resolve("store"), Durability.OS);
    }

    private RocksFeedLog open(String epoch) throws FeedLogException {
        return RocksFeedLog.open(settings().sharing(epoch));
    }

    private static void append(RocksFeedLog log, byte[] memory) throws FeedLogException {
        List<Change> changes = List.of(Change.put("c", "k", "1"));
        Batch last = log.last();
        long seq = last == null ? 1 : last.lastSeq() + 1;
        var batch = new Batch.Builder(new PlainLines()).build(changes, seq, seq, 0, 0);
        log.append(List.of(batch), changes, memory, List.of());
    }

    @Test
    void itsEpochIsThatOfTheFeedHoweverOftenItIsOpened() throws Exception {
        try (var log = open("kone")) {
            append(log, MEMORY);
        }

        try (var log = open("kone")) {
            assertThat(log.epochs().toString()).isEqualTo("kone:0");
        }
    }

    @Test
    void whatTheOrderRemembersIsThereWithWhatWasCommitted() throws Exception {
        try (var log = open("kone")) {
            assertThat(log.orderState().memory()).isEmpty();
            append(log, MEMORY);
        }

        try (var log = open("kone")) {
            assertThat(log.orderState().memory()).isEqualTo(MEMORY);
            append(log, OrderState.NO_MEMORY);
            assertThat(log.orderState().memory()).isEqualTo(MEMORY);
        }
    }

    @Test
    void anEmptyStoreTakesTheEpochOfTheFeedWhateverItHadBefore() throws Exception {
        try (var alone = RocksFeedLog.open(settings())) {
            assertThat(alone.epochs().newest()).isNotEqualTo("kone");
        }
        try (var log = open("kone")) {
            assertThat(log.epochs().toString()).isEqualTo("kone:0");
        }
        try (var log = open("ktwo")) {
            assertThat(log.epochs().toString()).isEqualTo("ktwo:0");
        }
    }

    @Test
    void anEpochThatTheOrderBeginsIsThereWithWhatItRemembers() throws Exception {
        try (var log = open("kone")) {
            append(log, MEMORY);
            log.beginEpoch("second", new byte[] {4});
            assertThat(log.epochs().toString()).isEqualTo("kone:0 second:1");
            append(log, OrderState.NO_MEMORY);
        }

        try (var log = open("kone")) {
            assertThat(log.epochs().toString()).isEqualTo("kone:0 second:1");
            assertThat(log.orderState().memory()).containsExactly(4);
        }
    }

    @Test
    void anEpochCanBeginBeforeTheFirstUpdate() throws Exception {
        try (var log = open("kone")) {
            log.beginEpoch("second", MEMORY);
        }

        try (var log = open("kone")) {
            assertThat(log.epochs().newest()).isEqualTo("second");
            assertThat(log.orderState().memory()).isEqualTo(MEMORY);
        }
    }

    @Test
    void aCopyHasAllThatWasAppended() throws Exception {
        try (var log = open("kone")) {
            append(log, MEMORY);
            log.copyTo(directory.resolve("copy"));
            append(log, new byte[] {4});
        }

        try (var copy =
                RocksFeedLog.open(new StoreSettings(directory.resolve("copy"), Durability.OS).sharing("kone"))) {
            assertThat(copy.orderState().memory()).isEqualTo(MEMORY);
            assertThat(copy.orderState().offset()).isEqualTo(1);
            assertThat(copy.epochs().toString()).isEqualTo("kone:0");
        }
    }

    @Test
    void aStoreIsEitherOfManyOrOfOne() throws Exception {
        try (var alone = RocksFeedLog.open(settings())) {
            append(alone, OrderState.NO_MEMORY);
        }
        assertThatThrownBy(() -> open("kone")).hasMessageContaining("no other node has its updates");
        var other = new StoreSettings(directory.resolve("other"), Durability.OS);
        try (var log = RocksFeedLog.open(other.sharing("kone"))) {
            append(log, MEMORY);
        }

        assertThatThrownBy(() -> RocksFeedLog.open(other)).hasMessageContaining("other nodes have as well");
    }

    @Test
    void whatOneOfManyHasLostIsNotMissed() throws Exception {
        Path store = settings().directory();
        try (var log = open("kone")) {
            append(log, MEMORY);
            append(log, MEMORY);
        }
        var ahead = new Mark(new Position("kone", 9), true, Durability.SYNC, "boot");
        ahead.write(store);

        try (var log = open("kone")) {
            assertThat(log.orderState().offset()).isEqualTo(2);
        }
    }

    @Test
    void whatOneAloneHasLostIsMissedThoughItIsToBeOneOfMany() throws Exception {
        String epoch;
        try (var alone = RocksFeedLog.open(settings())) {
            append(alone, OrderState.NO_MEMORY);
            epoch = alone.epochs().newest();
        }
        new Mark(new Position(epoch, 9), true, Durability.SYNC, "boot")
                .write(settings().directory());

        assertThatThrownBy(() -> open("kone")).hasMessageContaining("lost");
    }
}
