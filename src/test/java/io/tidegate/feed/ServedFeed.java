package io.tidegate.feed;

/**
 * The feed of a {@link FeedModel}, and what it owes its followers.
 *
 * @param log where it is durable
 * @param accepted what was published, as far as it was accepted
 */
record ServedFeed(Feed feed, MemoryFeedLog log, AcceptedChanges accepted) {

    /** Signals each time, not only once. */
    static Wakeup wakeup(Runnable signal) {
        var wakeup = new Wakeup[1];
        wakeup[0] = new Wakeup(Runnable::run, () -> {
            wakeup[0].reset();
            signal.run();
        });
        return wakeup[0];
    }

    /** Whether one may begin there. */
    boolean isServable(long seq, Steps steps) {
        return seq <= accepted.size()
                && (seq >= firstServed() || (steps != Steps.EVERY && seq >= log.changesKnownAfter()));
    }

    /** Then its documents have moved on to where nobody is sent them. */
    boolean abandonedInTheStore() {
        Batch last = log.last();
        return last != null && last.lastSeq() > accepted.size();
    }

    /** The number before the oldest that the log has. */
    long firstServed() {
        Batch oldest = log.oldest();
        return oldest == null ? 0 : oldest.firstSeq() - 1;
    }
}
