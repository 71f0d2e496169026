package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tidegate.settings.SettingsReader;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreSettingsTest {

    @Test
    void readsDirectoryAndDurability() {
        assertThat(settings("directory = /var/lib/tidegate, durability = sync"))
                .isEqualTo(new StoreSettings(Path.of("/var/lib/tidegate"), Durability.SYNC));
        assertThat(settings("directory = data, durability = os").durability()).isEqualTo(Durability.OS);
    }

    @Test
    void badDurabilityIsNamedWithWhatIsAllowed() {
        assertThat(complaint("directory = data, durability = fast"))
                .hasValue("tidegate.store.durability = fast: allowed is one of [os, sync]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\\u0000b", "\\ud800"})
    void directoryMustBeAPath(String text) {
        assertThat(complaint("directory = \"" + text + "\", durability = os").orElseThrow())
                .startsWith("tidegate.store.directory = ")
                .endsWith(": allowed is the path of a directory")
                .doesNotContain("\n", "\0");
    }

    private static Optional<String> complaint(String text) {
        SettingsReader reader = reader(text);
        StoreSettings.from(reader.section("store"));
        return reader.complaint();
    }

    private static StoreSettings settings(String text) {
        return StoreSettings.from(reader(text).section("store"));
    }

    private static SettingsReader reader(String text) {
        return new SettingsReader(ConfigFactory.parseString("tidegate.store { " + text + ", accept-loss = off }"));
    }
}
