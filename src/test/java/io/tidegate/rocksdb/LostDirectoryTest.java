package io.tidegate.rocksdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.Await;
import io.tidegate.document.Selection;
import io.tidegate.feed.FeedLogException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose directory is moved, deleted or taken by somebody else while it is open: nothing is acknowledged into it. */
@Timeout(60)
class LostDirectoryTest {

    @TempDir
    Path temporary;

    private Path store;
    private RocksFeedLog log;
    private Publisher publisher;

    @BeforeEach
    void open() throws Exception {
        store = temporary.resolve("store");
        log = RocksFeedLog.open(new StoreSettings(store, Durability.SYNC));
        publisher = new Publisher(log);
        publisher.appendOrders(3);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> publisher.appendOrders(1))
                .isInstanceOf(FeedLogException.class)
                .message()
                .contains("the store " + store + " is no longer in this server's hands: " + why)
                .doesNotContain("\n");
        assertThat(requireNonNull(log.last()).lastSeq()).isEqualTo(3);
    }

    private static Map<String, byte[]> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, byte[]>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void nothingIsAcknowledgedIntoADirectoryThatWasMoved() throws Exception {
        Path away = Files.move(store, temporary.resolve("away"));

        assertRefused("it was moved or deleted; put it back, or stop the server");

        Files.move(away, store);
        publisher.appendOrders(1);
        assertThat(Contents.documents(log, Selection.ALL))
                .isEqualTo(publisher.documents())
                .hasSize(4);
    }

    @Test
    void norIntoOneThatWasDeleted() throws Exception {
        Crash.delete(store);

        assertRefused("it was moved or deleted");
    }

    @Test
    void norBesideAnotherStoreInItsPlaceWhichIsLeftAlone() throws Exception {
        Path copy = Crash.image(store, temporary);
        Files.move(store, temporary.resolve("away"));
        Files.move(copy, store);
        Map<String, byte[]> before = contents(store);

        assertRefused("it was replaced by another");

        log.close();
        assertThat(contents(store)).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void norWhenALockWasDeletedWhichOnlyARestartMends() throws Exception {
        Files.delete(store.resolve("LOCK"));
        assertRefused("its file LOCK was moved or deleted; restart the server");

        Files.createFile(store.resolve("LOCK"));
        assertRefused("its file LOCK was moved or deleted; restart the server");

        log.close();
        log = RocksFeedLog.open(new StoreSettings(store, Durability.SYNC));
        new Publisher(log).appendOrders(1);
        assertThat(Contents.documents(log, Selection.ALL)).hasSize(4);
    }

    @Test
    void itIsNoticedThoughNobodyWrites() throws Exception {
        Files.move(store, temporary.resolve("away"));

        Await.until(() -> log.refusal() != null);

        assertThat(log.refusal()).contains("it was moved or deleted");
    }

    @Test
    void aSecondProcessDoesNotGetInWhenALockIsGone() throws Exception {
        for (String lock : List.of("LOCK", StoreLock.FILE)) {
            Path other = temporary.resolve("of " + lock);
            Process server = Crash.start(other, Durability.OS);
            try (BufferedReader numbers = server.inputReader(StandardCharsets.US_ASCII)) {
                assertThat(numbers.readLine()).isNotNull();
                Files.delete(other.resolve(lock));

                assertThatThrownBy(() -> RocksFeedLog.open(new StoreSettings(other, Durability.OS)))
                        .hasMessageContaining("is in use by another process");
            } finally {
                server.destroyForcibly();
            }
        }
    }
}
