package io.tidegate.rocksdb;

import io.tidegate.settings.Section;
import java.nio.file.Path;

/**
 * Where the store is and what it promises.
 *
 * @param directory holds nothing but the store; created with access for its owner only if it does not exist
 * @param durability what an accepted update is sure to survive
 * @param acceptLoss opens a store that has lost what was acknowledged, without that, instead of refusing it
 */
public record StoreSettings(Path directory, Durability durability, boolean acceptLoss) {

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
}
