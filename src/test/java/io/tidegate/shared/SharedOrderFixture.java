package io.tidegate.shared;

import io.tidegate.document.Change;
import io.tidegate.feed.MemoryFeedLog;

/** Two nodes with feeds and stores of their own, and a log that they share. */
abstract class SharedOrderFixture {

    static final Change PUT = Change.put("c", "k", "1");
    static final Change OTHER = Change.put("c", "other", "2");

    final MemorySharedLog log = new MemorySharedLog();
    final SteppedNode one = new SteppedNode(log, new MemoryFeedLog());
    final SteppedNode two = new SteppedNode(log, new MemoryFeedLog());
}
