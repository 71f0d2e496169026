package io.tidegate.rocksdb;

import io.tidegate.feed.FeedLogException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store that is open for a test, and who appends to it. */
abstract class StoreFixture {

    @TempDir
    Path directory;

    RocksFeedLog log;
    Publisher publisher;

    @BeforeEach
    void open() throws FeedLogException {
        log = RocksFeedLog.open(new StoreSettings(directory, Durability.OS));
        publisher = new Publisher(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    void reopen() throws FeedLogException {
        log.close();
        open();
    }
}
