package io.tidegate.feed;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Limits of the feed.
 *
 * @param maxDocumentBytes largest value of a document; 1 KiB to 15 MiB
 * @param queueUpdates changes that may wait for their commit, beyond which publishers are held back; 1 to 10,000,000
 * @param queueBytes the same in bytes; at least 1 MiB
 * @param commitUpdates most updates of one commit; 1 to 1,000,000
 * @param commitBytes bytes at which a commit takes no further update; 1 KiB to 64 MiB
 * @param batchUpdates most updates of one batch; 1 to 65,535
 * @param batchBytes bytes at which a batch takes no further update; 1 KiB to 16 MiB
 * @param catchUpBytes most bytes that one read of the log hands to a lagging cursor; 1 KiB to 16 MiB
 * @param readBytes what was read from the store for clients and not sent yet, for all of them together; at least 1 MiB
 * @param snapshotCacheBytes chunks of snapshots that are kept for those who ask for the same; 0 to 16 GiB
 * @param roundPause the longest pause between two rounds of turns for the followers; zero to 1 s
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
        Hub.Settings ring,
        Retention retention) {

    /** Reads {@code tidegate.feed}; ranges were checked before. */
    public static FeedSettings from(Config config) {
        return new FeedSettings(
                Math.toIntExact(config.getBytes("max-document-bytes")),
                config.getInt("queue.updates"),
                config.getBytes("queue.bytes"),
                config.getInt("commit.updates"),
                Math.toIntExact(config.getBytes("commit.bytes")),
                config.getInt("batch.updates"),
                Math.toIntExact(config.getBytes("batch.bytes")),
                Math.toIntExact(config.getBytes("catch-up-bytes")),
                config.getBytes("read-bytes"),
                config.getBytes("snapshot-cache-bytes"),
                config.getDuration("round-pause"),
                Hub.Settings.from(config.getConfig("ring")),
                Retention.from(config.getConfig("retention")));
    }
}
