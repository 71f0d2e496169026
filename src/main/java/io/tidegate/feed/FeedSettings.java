package io.tidegate.feed;

import static io.tidegate.settings.Section.gib;
import static io.tidegate.settings.Section.kib;
import static io.tidegate.settings.Section.mib;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * Limits of the feed.
 *
 * @param maxDocumentBytes largest value of a document
 * @param queueUpdates changes that may wait for their commit, beyond which publishers are held back
 * @param queueBytes the same in bytes
 * @param commitUpdates most updates of one commit
 * @param commitBytes bytes at which a commit takes no further update
 * @param batchUpdates most updates of one batch
 * @param batchBytes bytes at which a batch takes no further update
 * @param catchUpBytes most bytes that one read of the log hands to a lagging cursor
 * @param readBytes what was read from the store for clients and not sent yet, for all of them together
 * @param snapshotCacheBytes chunks of snapshots that are kept for those who ask for the same
 * @param roundPause the longest pause between two rounds of turns for the followers
 * @param futureWait how long a position that is not there yet is waited for
 * @param ring limits of the hub's ring
 * @param retention how much of the log is kept
 */
public record FeedSettings(
        int maxDocumentBytes,
        int queueUpdates,
        long queueBytes,
        int commitUpdates,
        int commitBytes,
        int batchUpdates,
        int batchBytes,
        int catchUpBytes,
        long readBytes,
        long snapshotCacheBytes,
        Duration roundPause,
        Duration futureWait,
        Hub.Settings ring,
        Retention retention) {

    /** Reads {@code tidegate.feed}. */
    public static FeedSettings from(Section feed) {
        return new FeedSettings(
                feed.bytes("max-document-bytes", kib(1), mib(15)),
                feed.number("queue.updates", 1, 10_000_000),
                feed.bytes("queue.bytes", kib(64), gib(16)),
                feed.number("commit.updates", 1, 1_000_000),
                feed.bytes("commit.bytes", kib(1), mib(64)),
                feed.number("batch.updates", 1, 65_535),
                feed.bytes("batch.bytes", kib(1), mib(16)),
                feed.bytes("catch-up-bytes", kib(1), mib(16)),
                feed.bytes("read-bytes", mib(1), gib(16)),
                feed.bytes("snapshot-cache-bytes", 0, gib(16)),
                feed.duration("round-pause", Duration.ZERO, Duration.ofSeconds(1)),
                feed.duration("future-wait", Duration.ZERO, Duration.ofMinutes(1)),
                Hub.Settings.from(feed.section("ring")),
                Retention.from(feed.section("retention")));
    }
}
