package io.tidegate.rocksdb;

import io.tidegate.settings.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and what it promises.
 *
 * @param directory holds nothing but the store; created with access for its owner only if it does not exist
 * @param durability what an accepted update is sure to survive
 * @param acceptLoss opens a store that has lost what was acknowledged, without that, instead of refusing it
 * @param sharedEpoch of a store that other nodes of a feed have as well: opening it begins no epoch, a new one gets this, and what it has
 *     lost comes again; null if it is this server's alone
 */
public record StoreSettings(Path directory, Durability durability, boolean acceptLoss, @Nullable String sharedEpoch) {

    /** One that is this server's alone. */
    public StoreSettings(Path directory, Durability durability, boolean acceptLoss) {
        this(directory, durability, acceptLoss, null);
    }

    /** One that refuses a store that has lost something. */
    public StoreSettings(Path directory, Durability durability) {
        this(directory, durability, false);
    }

    /** Reads {@code tidegate.store}. */
    public static StoreSettings from(Section store) {
        return new StoreSettings(
                store.directory("directory"),
                Durability.named(store.word("durability", Durability.words(), word -> word))
                        .orElseThrow(),
                store.isOn("accept-loss"));
    }

    /** The same of a feed that other nodes have as well. */
    public StoreSettings sharing(String epoch) {
        return new StoreSettings(directory, durability, acceptLoss, epoch);
    }
}
