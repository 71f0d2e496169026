package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A subscription that covers less while it runs. */
class SessionUnwatchTest extends SessionFixture {

    @Test
    void nothingComesOfWhatIsTakenBack() {
        follow("a b");
        put("b", "y", 1);
        say("unwatch b");
        List<String> lines = pollAll();
        put("b", "y", 2);
        put("a", "x", 3);

        assertThat(lines).containsExactly(unwatched(0));
        assertThat(pollAll()).containsExactly(update(3, "a", "x", 3));
    }

    @Test
    void theAnswerSaysUpToWhereItWasFollowed() {
        follow("a b");
        put("b", "y", 1);
        assertThat(pollAll()).containsExactly(update(1, "b", "y", 1));

        say("unwatch b");

        assertThat(pollAll()).containsExactly(unwatched(1));
    }

    @Test
    void whatIsReadOfTheLogWhenSomethingIsTakenBackIsReadAnew() {
        follow("b c");
        put("b", "y", 1);
        publish(10);
        assertThat(poll()).isEmpty();

        say("unwatch b");

        List<String> lines = pollAll();
        assertThat(lines.get(0)).isEqualTo(unwatched(0));
        assertThat(lines.subList(1, lines.size())).isEqualTo(puts(2, 11));
    }

    @Test
    void selectorsAreTakenBackAsTheyWereGiven() {
        follow("orders orders/o-1");
        say("unwatch orders");
        assertThat(pollAll()).containsExactly(unwatched(0));

        put("orders", "o-2", 1);
        put("orders", "o-1", 2);

        assertThat(pollAll()).containsExactly(update(2, "orders", "o-1", 2));
    }

    @Test
    void aSelectorThatWasNotGivenIsNamedAndNothingIsChanged() {
        follow("a orders");
        say("unwatch a orders/o-1");

        List<String> lines = pollAll();

        assertError(lines.get(0), "bad-request");
        assertThat(lines.get(0)).contains("orders/o-1").contains("nothing was changed");
        assertThat(session.following().follows()).isEqualTo("a, orders");
    }

    @Test
    void ofEverythingNothingIsTakenBack() {
        follow("");
        say("unwatch a");

        List<String> lines = pollAll();

        assertError(lines.get(0), "bad-request");
        assertThat(session.following().follows()).isEqualTo("all");
    }

    @Test
    void whoTakesBackEverythingFollowsNothingAndMayGoOn() {
        follow("a");
        say("unwatch a");
        assertThat(pollAll()).containsExactly(unwatched(0));
        assertThat(session.following().follows()).isEqualTo("none");

        put("a", "x", 1);
        say("watch a");

        assertThat(pollAll()).containsExactly(snapshot(1), document("a", "x", "1"), watching(1, 1));
    }

    // ---- limits
}
