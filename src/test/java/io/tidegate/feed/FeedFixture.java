package io.tidegate.feed;

import io.tidegate.document.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A feed on a log in memory, whose commits happen when the test says so. */
abstract class FeedFixture {

    static final Change CHANGE = Change.put("c", "k", "1");

    final MemoryFeedLog log = new MemoryFeedLog();
    final StepExecutor commits = new StepExecutor();

    static void nobody() {}

    Feed feed(FeedLimits limits) {
        return feed(limits, commits, Runnable::run);
    }

    Feed feed(FeedLimits limits, Executor committer, Executor reads) {
        return new Feed(
                log, limits.settings(), new TextEncoder(), committer, reads, Runnable::run, CommitObserver.NONE);
    }

    Feed feed() {
        return feed(FeedLimits.roomy());
    }

    static List<Publication> publish(Feed feed, int count) {
        List<Publication> publications = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publications.add(feed.publish(CHANGE, FeedFixture::nobody));
        }
        return publications;
    }

    List<Integer> groups() {
        return log.batches().stream().map(Batch::count).toList();
    }
}
