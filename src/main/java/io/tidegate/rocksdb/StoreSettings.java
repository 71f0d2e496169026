package io.tidegate.rocksdb;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

    /**
     * Reads {@code directory}, {@code durability} and {@code accept-loss}.
     *
     * @throws ConfigException naming the key, its value and what is allowed
     */
    public static StoreSettings from(Config config) {
        return new StoreSettings(directory(config), durability(config), config.getBoolean("accept-loss"));
    }

    private static Path directory(Config config) {
        String text = config.getString("directory");
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw badValue(config, "directory", text, "the path of a directory", e);
        }
        throw badValue(config, "directory", text, "the path of a directory", null);
    }

    private static Durability durability(Config config) {
        String word = config.getString("durability");
        return Durability.named(word).orElseThrow(() -> badValue(config, "durability", word, "'sync' or 'os'", null));
    }

    private static ConfigException badValue(
            Config config, String key, String value, String allowed, @Nullable Throwable cause) {
        String message = key + " = '" + value + "' is not allowed: it must be " + allowed;
        return new ConfigException.BadValue(config.getValue(key).origin(), key, message, cause);
    }
}
