package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names in the index of changes that nobody can have written are told as damage, like all that cannot be read. */
@Timeout(60)
class DamagedIndexTest {

    @TempDir
    Path store;

    private static RocksFeedLog open(Path store) throws FeedLogException {
        return RocksFeedLog.open(new StoreSettings(store, Durability.OS));
    }

    /** Writes a store of one change, and other bytes into what the index has of it, from its end. */
    private void create(Change change, int fromEnd, int instead) throws Exception {
        try (var log = open(store)) {
            new Publisher(log).append(change);
        }
        new RawStore(store).change((rocks, families) -> {
            byte[] names = rocks.get(families.get(RawStore.CHANGES), Database.bytes(1));
            names[names.length - fromEnd] = (byte) instead;
            rocks.put(families.get(RawStore.CHANGES), Database.bytes(1), names);
        });
    }

    private void requireDamaged(String reason) throws Exception {
        try (var log = open(store)) {
            assertThatThrownBy(() -> log.changes(0, Selection.ALL, 1000, 1))
                    .isInstanceOf(FeedLogException.class)
                    .hasMessageContaining("is damaged (the index of changes is not readable at update 1, " + reason);
        }
    }

    @Test
    void aCollectionThatIsNone() throws Exception {
        // Behind it: number and kind, length, and the key.
        create(Change.put("orders", "key", "1"), 6, '\b');

        requireDamaged("a collection has no control characters");
    }

    @Test
    void aKeyThatIsNone() throws Exception {
        create(Change.delete("orders", "key"), 1, '\b');

        requireDamaged("a key has no control characters");
    }
}
