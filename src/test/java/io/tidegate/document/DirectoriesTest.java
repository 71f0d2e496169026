package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are deleted as a whole. */
class DirectoriesTest {

    @TempDir
    Path temporary;

    private Path made() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("d"));
        for (int i = 0; i < 300; i++) {
            Files.createDirectories(directory.resolve("inner-" + i % 20));
            Files.createFile(directory.resolve("inner-" + i % 20).resolve("f" + i));
        }
        return directory;
    }

    @Test
    void oneIsGoneWithAllThatIsInIt() throws Exception {
        Path directory = made();

        Directories.delete(directory);
        Directories.delete(directory);

        assertThat(directory).doesNotExist();
    }

    @Test
    void twoMayDeleteTheSame() throws Exception {
        for (int round = 0; round < 10; round++) {
            Path directory = made();
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                try {
                    Directories.delete(directory);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            Directories.delete(directory);

            other.join();
            assertThat(directory).doesNotExist();
        }
    }
}
