package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Finding servers among the Java processes of this machine. */
class LocalServerTest {

    @ParameterizedTest
    @CsvSource({
        "target/tidegate.jar serve, true",
        "/opt/tidegate-0.1.0.jar serve -c /etc/tidegate.conf, true",
        "io.tidegate.Main serve, true",
        "C:\\tidegate.jar serve, true",
        "/opt/my programs/tidegate.jar serve, true",
        "target/tidegate.jar stop, false",
        "target/tidegate.jar follow serve, false",
        "other.jar serve, false",
        "'', false"
    })
    void onlyServeIsAServer(String command, boolean isServe) {
        assertThat(new LocalServer(1, command).isServe()).isEqualTo(isServe);
    }

    @Test
    void aProcessThatIsNoneIsRefused() {
        CommandRun run = CommandRun.of("stop", "--pid", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualToNormalizingNewlines("tidegate: process 1 is no Java process of this user\n");
    }

    @Test
    void theProcessesOfThisUserAreFound() {
        long self = ProcessHandle.current().pid();

        assertThat(LocalServer.javaProcesses())
                .anySatisfy(process -> assertThat(process.pid()).isEqualTo(self));
    }
}
