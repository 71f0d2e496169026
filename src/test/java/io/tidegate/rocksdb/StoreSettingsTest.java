package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StoreSettingsTest {

    @Test
    void readsDirectoryAndDurability() {
        assertThat(settings("directory = /var/lib/tidegate, durability = sync"))
                .isEqualTo(new StoreSettings(Path.of("/var/lib/tidegate"), Durability.SYNC));
        assertThat(settings("directory = data, durability = os").durability()).isEqualTo(Durability.OS);
    }

    @Test
    void badDurabilityIsNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> settings("directory = data, durability = fast"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("durability = 'fast' is not allowed: it must be 'sync' or 'os'");
    }

    @Test
    void directoryMustNotBeBlank() {
        assertThatThrownBy(() -> settings("directory = \"\", durability = os"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("directory = '' is not allowed: it must be the path of a directory");
    }

    private static StoreSettings settings(String text) {
        return StoreSettings.from(ConfigFactory.parseString(text + ", accept-loss = off"));
    }
}
