package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.feed.Publication;
import io.tidegate.feed.Publication.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is proposed to a log that loses, doubles and delays: it counts once, and who published it is told the truth. */
class ProposalsTest extends SharedOrderFixture {

    /** After a while the node ends its life by a fence, and proposes in the next one what the fence came before. */
    private void proposeOnceMore() {
        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.readAll();
        one.send();
        one.readAll();
    }

    @Test
    void whatComesTwiceCountsOnce() {
        one.publish(PUT);
        one.propose();
        one.client.arriveTwice();

        one.readAll();
        two.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatWasLostIsProposedOnceMoreBehindAFence() {
        Publication publication = one.publish(PUT);
        one.propose();
        one.client.lose(false);

        proposeOnceMore();
        two.readAll();

        assertThat(publication.seq()).isEqualTo(1);
        assertThat(one.order.counts().renewals()).isEqualTo(1);
        assertThat(one.order.counts().fences())
                .isEqualTo(1)
                .isEqualTo(two.order.counts().fences());
        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatComesBehindTheFenceOfItsLifeDoesNotCount() {
        one.publish(PUT);
        one.propose();
        one.client.lose(true);
        one.letTimePass(Duration.ofSeconds(1));
        one.send();
        one.client.arriveLate();
        one.readAll();
        one.send();
        one.readAll();
        two.readAll();

        assertThat(one.lines()).isEqualTo("1 c/k 1\n").isEqualTo(two.lines());
    }

    @Test
    void whatArrivesBeforeTheFenceIsNotProposedOnceMore() {
        Publication publication = one.publish(PUT);
        one.propose();
        one.client.lose(true);
        one.client.arriveLate();
        proposeOnceMore();

        assertThat(publication.seq()).isEqualTo(1);
        assertThat(one.lines()).isEqualTo("1 c/k 1\n");
    }

    @Test
    void whatWasNotProposedInTimeWasCertainlyNotTaken() {
        log.setAway(true);
        Publication publication = one.publish(PUT);
        one.propose();

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(publication.refusal()).isEqualTo(Refusal.UNAVAILABLE);
    }

    @Test
    void whatTheLogDidNotTakeIsProposedOnceMoreWhenItTakesSomethingAgain() {
        log.setAway(true);
        Publication publication = one.publish(PUT);
        one.propose();
        log.setAway(false);

        proposeOnceMore();

        assertThat(publication.seq()).isEqualTo(1);
    }

    @Test
    void whatWasProposedAndNotReadInTimeIsUnknown() {
        Publication publication = one.publish(PUT);
        one.propose();
        log.setAway(true);

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(publication.refusal()).isEqualTo(Refusal.UNKNOWN);
        log.setAway(false);
        one.client.arrive();
        one.readAll();
        assertThat(one.lines()).as("it was taken after all").isEqualTo("1 c/k 1\n");
    }

    @Test
    void whatWaitedForTheWindowInVainWasCertainlyNotTaken() {
        for (int group = 0; group < 3; group++) {
            one.publish(PUT);
            one.propose();
        }
        Publication waiting = one.publish(OTHER);
        one.propose();

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.plusSeconds(1));

        assertThat(waiting.refusal()).isEqualTo(Refusal.UNAVAILABLE);
        one.send();
        one.readAll();
        assertThat(one.lines()).doesNotContain("other");
    }

    @Test
    void whatIsOfferedLateWaitsAsLongAsWhatWasOfferedEarly() {
        log.setAway(true);
        one.publish(PUT);
        one.propose();
        Publication late = one.publish(OTHER);

        one.letTimePass(SteppedNode.PUBLISH_TIMEOUT.minusSeconds(1));

        assertThat(late.isSettled()).isFalse();
    }

    @Test
    void aLifeIsRenewedOnceInALookHoweverFastItFails() {
        for (int second = 0; second < 3; second++) {
            for (int failure = 0; failure < 10; failure++) {
                one.publish(PUT);
                one.propose();
                while (one.client.onItsWay() > 0) {
                    one.client.lose(false);
                }
                one.readAll();
            }
            one.letTimePass(Duration.ofSeconds(1));
        }

        assertThat(one.order.counts().renewals()).isBetween(3L, 4L);
    }

    @Test
    void anAbandonedFeedDoesNotKnowWhatBecomesOfWhatItHasProposed() {
        Publication proposed = one.publish(PUT);
        one.propose();
        Publication waiting = one.publish(OTHER);

        one.feed.abandon();

        assertThat(proposed.refusal()).isEqualTo(Refusal.UNKNOWN);
        assertThat(waiting.refusal()).isEqualTo(Refusal.UNAVAILABLE);
        assertThat(one.feed.drain()).isCompletedWithValue(0L);
    }
}
