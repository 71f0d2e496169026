package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings: where they come from and what they may be. */
class ServerConfigTest {

    @TempDir
    Path directory;

    private static ServerSettings settings(String told) throws StartException {
        return ServerSettings.from(ServerConfig.complete(ConfigFactory.parseString(told)));
    }

    @Test
    void defaultsAreComplete() throws Exception {
        ServerSettings settings = settings("");

        assertThat(settings.tcp().host()).isEqualTo("127.0.0.1");
        assertThat(settings.tcp().port()).isEqualTo(8989);
        assertThat(settings.drain().timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.feed().retention().updates()).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tidegate.tcp.port = 70000 | tidegate.tcp.port = 70000: allowed is a whole number from 0 to 65535",
                "tidegate.tcp.port = some | tidegate.tcp.port = some: allowed is a whole number from 0 to 65535",
                "tidegate.connection.max-connections = 0 | tidegate.connection.max-connections = 0:"
                        + " allowed is auto, or a whole number from 1 to 1000000",
                "tidegate.store.durability = maybe | tidegate.store.durability = maybe: allowed is one of [os, sync]",
                "tidegate.connection.max-line-bytes = 1 | tidegate.connection.max-line-bytes = 1:"
                        + " allowed is a size from 256 bytes to 16 MiB",
                "tidegate.drain.timeout = 0 s | tidegate.drain.timeout = 0 s:"
                        + " allowed is auto, or a duration from 100 ms to 3600 s",
                "tidegate.feed.ring.batches = 100 | tidegate.feed.ring.batches = 100:"
                        + " allowed is a power of two from 16 to 65536",
                "tidegate.tcp.port = null | tidegate.tcp.port = (nothing): allowed is a whole number from 0 to 65535",
                "tidegate = 5 | tidegate = 5: allowed is a section, tidegate { … }",
                "tidegate.drain = 5 | tidegate.drain = 5: allowed is a section, tidegate.drain { … }",
            })
    void aBadValueIsRefusedWithKeyValueAndWhatIsAllowed(String told, String message) {
        assertThatThrownBy(() -> settings(told))
                .isInstanceOf(StartException.class)
                .hasMessage(message);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsOrigin() {
        assertThatThrownBy(() -> settings("tidegate.tcp.prot = 1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("unknown setting tidegate.tcp.prot")
                .hasMessageContaining("String: 1");
    }

    @Test
    void anUnknownSystemPropertyIsRefusedToo() throws Exception {
        System.setProperty("tidegate.tcp.prot", "1");
        ConfigFactory.invalidateCaches();
        try {
            Config config = ServerConfig.load(null);

            assertThatThrownBy(() -> ServerSettings.from(config))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("unknown setting tidegate.tcp.prot");
        } finally {
            System.clearProperty("tidegate.tcp.prot");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void theFileIsReadAndNamedWhenItIsBad() throws Exception {
        Path good = Files.writeString(directory.resolve("good.conf"), "tidegate.tcp.port = 4711");
        Path bad = Files.writeString(directory.resolve("bad.conf"), "tidegate { tcp ");

        assertThat(ServerSettings.from(ServerConfig.load(good)).tcp().port()).isEqualTo(4711);
        assertThatThrownBy(() -> ServerConfig.load(bad))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("bad.conf");
        assertThatThrownBy(() -> ServerConfig.load(directory.resolve("missing.conf")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("missing.conf");
    }

    @Test
    void twoListenersOnOneAddressAreRefused() throws Exception {
        Config config = ServerConfig.complete(
                ConfigFactory.parseString("tidegate { tcp.port = 7000, http.port = 7000, tcp.reuse-port = on }"));

        assertThatThrownBy(() -> ServerSettings.from(config))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("tidegate.http.port = 7000");
    }

    @Test
    void everySettingHasAnExplanation() throws Exception {
        Config reference = ConfigFactory.parseResources("reference.conf").getConfig("tidegate");

        assertThat(reference.entrySet())
                .allSatisfy(entry -> assertThat(entry.getValue().origin().comments())
                        .as(entry.getKey())
                        .isNotEmpty());
    }
}
