package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server that cannot start says: one line that names the cause, and an exit code. */
class BadStartJourney {

    @TempDir
    Path directory;

    private ServerCommand command;

    @BeforeEach
    void chooseTheDirectory() {
        command = ServerCommand.in(directory.resolve("data"));
    }

    @Test
    void addressInUseIsNamed() throws Exception {
        try (var occupant = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = occupant.getLocalPort();

            requireRefused(command.with("tcp.port", port), "127.0.0.1:" + port);
        }
    }

    @Test
    void lockedDirectoryIsNamed() throws Exception {
        try (ServerProcess first = command.start()) {
            first.awaitAddress();

            requireRefused(command, directory.resolve("data").toString());
        }
    }

    @Test
    void directoryBelowFileIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path below = file.resolve("data");

        requireRefused(command.with("store.directory", below), below.toString());
    }

    @Test
    void fileInPlaceOfDirectoryIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        requireRefused(command.with("store.directory", file), file.toString());
    }

    @Test
    void unknownSettingIsNamed() throws Exception {
        requireRefused(command.with("tcp.prot", 8989), "tidegate.tcp.prot");
    }

    @Test
    void valueOutOfRangeIsNamedWithWhatIsAllowed() throws Exception {
        requireRefused(command.with("tcp.port", 70_000), "tidegate.tcp.port = 70000", "65535");
    }

    @Test
    void drainThatCannotFitIsRefused() throws Exception {
        requireRefused(
                command.with("drain.timeout", "20 s").with("drain.total", "5 s"), "tidegate.drain.total", "20 s");
    }

    private static void requireRefused(ServerCommand command, String... named) throws Exception {
        try (ServerProcess server = command.start()) {
            assertThat(server.awaitExit().code()).as("exit code of %s", server).isEqualTo(1);
            assertThat(server.errors()).singleElement().asString().contains(named);
            assertThat(server.log()).noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"));
        }
    }

    @Test
    void usageErrorsExitWithTwo() throws Exception {
        try (ServerProcess unknownVerb = command.run("frobnicate");
                ServerProcess unknownOption = command.run("serve", "--frobnicate")) {
            assertThat(unknownVerb.awaitExit().code()).isEqualTo(2);
            assertThat(unknownOption.awaitExit().code()).isEqualTo(2);
            assertThat(unknownVerb.errors()).isNotEmpty().noneMatch(line -> line.startsWith("\tat "));
            assertThat(unknownOption.errors()).isNotEmpty().noneMatch(line -> line.startsWith("\tat "));
        }
    }
}
