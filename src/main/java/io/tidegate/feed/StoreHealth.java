package io.tidegate.feed;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store said when it last failed, told once for each kind of failure: a full disk fails every commit until there is space. */
final class StoreHealth {

    private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

    private final CommitObserver observer;

    // Written by the commit task only.
    private volatile @Nullable String failure;
    private @Nullable String readFailure;

    StoreHealth(CommitObserver observer) {
        this.observer = observer;
    }

    /** Null while it works. */
    @Nullable
    String failure() {
        return failure;
    }

    void fails(Throwable e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(failure)) {
            log.error("Store failed, changes are refused: {}", message, e instanceof FeedLogException ? null : e);
        }
        failure = message;
        observer.failed();
    }

    /** No reason to call the store one that fails: whatever asks for nothing of it is committed. */
    void readFails(FeedLogException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(readFailure)) {
            log.error("A condition cannot be checked: {}", message);
        }
        readFailure = message;
        observer.failed();
    }

    void works() {
        if (failure != null) {
            failure = null;
            log.info("Store works again");
        }
    }
}
