package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.feed.Publication.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A change that its publisher has given an id takes effect once, however often it is sent. */
class OncePublishTest {

    private static final Change PUT = Change.put("c", "k", "1");
    private static final PublicationId ID = new PublicationId("id-1");

    private final MemoryFeedLog log = new MemoryFeedLog();
    private final StepExecutor commits = new StepExecutor();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().settings(),
            new TextEncoder(),
            commits,
            Runnable::run,
            Runnable::run,
            CommitObserver.NONE);

    private Publication publish(Change change, Precondition precondition, @Nullable PublicationId id) {
        return feed.publish(change, precondition, id, () -> {});
    }

    private Publication publish(Change change) {
        return publish(change, Precondition.none(), ID);
    }

    @Test
    void whatWasTakenBeforeIsAcceptedWithItsNumberAndTakesNone() {
        Publication first = publish(PUT);
        commits.runAll();
        publish(Change.put("c", "other", "2"), Precondition.none(), null);
        commits.runAll();

        Publication again = publish(PUT);
        commits.runAll();

        assertThat(first.seq()).isEqualTo(1);
        assertThat(again.seq()).isEqualTo(1);
        assertThat(feed.head().seq()).isEqualTo(2);
    }

    @Test
    void ofTwoInOneGroupOneTakesEffect() {
        Publication first = publish(PUT);
        Publication again = publish(PUT);
        Publication next = publish(Change.put("c", "other", "2"), Precondition.none(), null);
        commits.runAll();

        assertThat(first.seq()).isEqualTo(1);
        assertThat(again.seq()).isEqualTo(1);
        assertThat(next.seq()).isEqualTo(2);
    }

    @Test
    void anIdIsThatOfOneDocument() {
        publish(PUT);
        Publication other = publish(Change.put("c", "other", "2"));
        commits.runAll();

        assertThat(other.seq()).isEqualTo(2);
    }

    @Test
    void whatWasRefusedIsLookedAtAnew() {
        Publication refused = publish(PUT, Precondition.mustExist(), ID);
        commits.runAll();
        publish(PUT, Precondition.none(), null);
        commits.runAll();

        Publication again = publish(PUT, Precondition.mustExist(), ID);
        commits.runAll();

        assertThat(refused.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(again.seq()).isEqualTo(2);
    }

    @Test
    void whatWasTakenBeforeIsAcceptedThoughItsPreconditionDoesNotHoldAnyMore() {
        publish(PUT, Precondition.mustNotExist(), ID);
        commits.runAll();

        Publication again = publish(PUT, Precondition.mustNotExist(), ID);
        commits.runAll();

        assertThat(again.seq()).isEqualTo(1);
    }

    @Test
    void whatTheStoreDidNotTakeIsNotRemembered() {
        log.failAppends(new FeedLogException("no space"));
        publish(PUT);
        commits.runAll();
        log.failAppends(null);

        Publication again = publish(PUT);
        commits.runAll();

        assertThat(again.seq()).isEqualTo(1);
        assertThat(log.batches()).hasSize(1);
    }
}
