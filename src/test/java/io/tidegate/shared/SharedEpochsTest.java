package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Position;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.MemoryFeedLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The epochs of a shared feed: each begins for all nodes behind the same change. */
class SharedEpochsTest extends SharedOrderFixture {

    @Test
    void anEpochBeginsForAllNodesBehindWhatWasThereBefore() {
        one.publish(PUT);
        one.send();
        log.add(epoch("second"));
        log.add(epoch("second"));
        two.publish(OTHER);
        two.send();

        one.readAll();
        two.readAll();

        assertThat(one.store.epochs().toString())
                .isEqualTo(MemoryFeedLog.EPOCH + ":0 second:1")
                .isEqualTo(two.store.epochs().toString());
        assertThat(one.feed.head()).isEqualTo(new Position("second", 2)).isEqualTo(two.feed.head());
    }

    @Test
    void aPositionThatAnotherEpochHasGivenAwayHasNotCome() {
        one.publish(PUT);
        one.send();
        one.readAll();
        var lost = one.feed.awaitPosition(new Position(MemoryFeedLog.EPOCH, 2));
        assertThat(lost).isNotDone();

        log.add(epoch("second"));
        one.publish(OTHER);
        one.send();
        one.readAll();

        assertThat(lost).isCompletedWithValue(false);
    }

    @Test
    void anEpochThatTheStoreDoesNotTakeIsBegunAgain() {
        one.store.failAppends(new FeedLogException("full"));
        log.add(epoch("second"));
        one.readAll();
        assertThat(one.feed.head().epoch()).isEqualTo(MemoryFeedLog.EPOCH);

        one.store.failAppends(null);
        one.letTimePass(Duration.ofSeconds(1));
        one.readAll();

        assertThat(one.feed.head().epoch()).isEqualTo("second");
    }

    @Test
    void anEpochIsBegunWhenTheLogHasItsRecord() throws Exception {
        one.publish(PUT);
        one.send();
        var client = log.new Client() {
            @Override
            public void append(byte[] bytes) throws SharedLogException {
                super.append(bytes);
                arrive();
            }
        };

        String name = StoreFit.beginEpoch(client, Duration.ofMinutes(1));

        one.readAll();
        assertThat(one.feed.head()).isEqualTo(new Position(name, 1));
    }

    private byte[] epoch(String name) {
        var header = new Header(Header.Kind.EPOCH, Memory.feed(one.client.identity()), Life.begin(), 0);
        return Records.epoch(header, name);
    }
}
