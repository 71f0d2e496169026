package io.tidegate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a process has used, as the system tells it. */
class ServerProcessTest {

    @TempDir
    private Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void writesAndMemoryAreRead() throws Exception {
        var self = new ServerProcess(ProcessHandle.current().pid());
        ServerUse before = self.use();

        Files.write(directory.resolve("file"), new byte[100_000]);

        ServerUse used = self.use().since(before);
        assertThat(used.writeCalls().orElse(0)).isPositive();
        assertThat(used.writeBytes().orElse(0)).isGreaterThanOrEqualTo(100_000);
        assertThat(used.residentBytes().orElse(0)).isGreaterThan(1_000_000);
        assertThat(used.cpuNanos().orElse(-1)).isNotNegative();
    }

    @Test
    void ofAProcessThatIsGoneNothingIsKnown() {
        assertThat(new ServerProcess(Long.MAX_VALUE).use()).isEqualTo(ServerUse.UNKNOWN);
    }
}
