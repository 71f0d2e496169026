package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with settings that cannot be read as such. */
class ConfigurationFileTest {

    @TempDir
    Path directory;

    @Test
    void oneThatIncludesWhatIsNotThereIsToldSo() throws Exception {
        Path file = Files.writeString(
                directory.resolve("tidegate.conf"), "include required(file(\"" + directory + "/none.conf\"))\n");

        assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(
                        "the configuration file " + file + " cannot be read, or what it includes: " + directory)
                .hasMessageNotContaining("Exception");
    }

    @Test
    void oneThatIsNotUtf8IsRefusedWithItsLine() throws Exception {
        Path file = Files.write(
                directory.resolve("tidegate.conf"),
                "# one\ntidegate.tcp.host = \"m\u00fcnchen\"\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> ServerConfig.load(file, Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("the configuration file " + file + " is not UTF-8: see line 2");
    }
}
