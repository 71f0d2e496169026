package io.tidegate.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.LastErrorException;
import io.tidegate.NotifyListener;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to a socket of the same machine. */
@EnabledOnOs(OS.LINUX)
class NotifySocketTest {

    @TempDir
    Path directory;

    private String path() {
        return directory.resolve("socket").toString();
    }

    @Test
    void aMessageComesToTheSocketOfAPath() {
        try (var listener = NotifyListener.at(path())) {
            NotifySocket.at(listener.path()).send("READY=1\nSTATUS=ünder way");

            assertThat(listener.receive()).containsExactly("READY=1", "STATUS=ünder way");
        }
    }

    @Test
    void aMessageComesToASocketThatIsNoFile() {
        try (var listener =
                NotifyListener.at("@tidegate-" + ProcessHandle.current().pid())) {
            NotifySocket.at(listener.path()).send("READY=1");

            assertThat(listener.receive()).containsExactly("READY=1");
        }
    }

    @Test
    void whoIsNotThereIsNotToldAndThatIsSaid() {
        NotifySocket socket = NotifySocket.at(path());

        assertThatThrownBy(() -> socket.send("READY=1"))
                .isInstanceOf(LastErrorException.class)
                .hasMessageContaining("No such file");
    }

    @Test
    void whoDoesNotKeepUpIsNotWaitedFor() {
        try (var listener = NotifyListener.at(path())) {
            NotifySocket socket = NotifySocket.at(listener.path());

            assertThatThrownBy(() -> {
                        while (true) {
                            socket.send("STATUS=more");
                        }
                    })
                    .isInstanceOf(LastErrorException.class)
                    .hasMessageContaining("temporarily unavailable");
        }
    }

    @Test
    void whatCanBeNoSocketIsRefused() {
        assertThatThrownBy(() -> NotifySocket.at("vsock:2:4711")).hasMessage("it begins with neither '/' nor '@'");
        assertThatThrownBy(() -> NotifySocket.at("/" + "x".repeat(107))).hasMessage("it is longer than 107 bytes");
    }
}
