package io.tidegate.feed;

import org.jspecify.annotations.Nullable;

/**
 * A feed, as it was at one moment.
 *
 * @param head sequence number of the last committed update
 * @param committedUpdates updates committed since the start
 * @param queuedUpdates changes that wait for their commit
 * @param queuedBytes about how many bytes these are
 * @param subscriptions cursors that are open
 * @param lagging those of them that wait for an update that was committed more than a second ago
 * @param largestLag committed updates that the client of the farthest cursor has not been given yet
 * @param retainedUpdates updates in the log, from which cursors can resume
 * @param retainedBytes their stored bytes
 * @param corruptions how often something in the store turned out to be damaged
 * @param storeFailure what the store said when it last failed; null while it works
 */
public record FeedStatus(
        long head,
        long committedUpdates,
        int queuedUpdates,
        long queuedBytes,
        int subscriptions,
        int lagging,
        long largestLag,
        long retainedUpdates,
        long retainedBytes,
        long corruptions,
        @Nullable String storeFailure) {}
