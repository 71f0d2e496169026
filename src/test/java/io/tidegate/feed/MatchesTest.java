package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MatchesTest {

    @Test
    void ofEverythingTheNextNumberIsTheNext() {
        assertThat(Matches.ALL.next(0)).isEqualTo(1);
        assertThat(Matches.ALL.next(1_000_000)).isEqualTo(1_000_001);
        assertThat(Matches.ALL.lastFrom(7)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void beforeItWasLookedAtAnythingMayBeOneAndAfterItNothingIs() {
        Matches fresh = Matches.upTo(10);

        assertThat(fresh.next(0)).isEqualTo(1);
        assertThat(fresh.lastFrom(1)).isEqualTo(10);
        assertThat(fresh.next(9)).isEqualTo(10);
        assertThat(fresh.next(10)).isEqualTo(Matches.NOTHING);
        assertThat(fresh.next(11)).isEqualTo(Matches.NOTHING);
    }

    @Test
    void whoHasSleptForLongFindsTheFirstThatConcernsIt() {
        Matches matches = Matches.upTo(10).and(5_000_003, 5_000_009).and(6_000_000, 6_000_000);

        assertThat(matches.next(10)).isEqualTo(5_000_003);
        assertThat(matches.lastFrom(5_000_003)).isEqualTo(5_000_009);
        assertThat(matches.next(5_000_005)).isEqualTo(5_000_006);
        assertThat(matches.next(5_000_009)).isEqualTo(6_000_000);
        assertThat(matches.lastFrom(6_000_000)).isEqualTo(6_000_000);
        assertThat(matches.next(6_000_000)).isEqualTo(Matches.NOTHING);
    }

    @Test
    void nothingIsEverPassedByThatIsOne() {
        var random = new Random(7);
        Matches matches = Matches.upTo(0);
        var all = new TreeSet<Long>();
        long head = 0;
        for (int commit = 0; commit < 200; commit++) {
            long first = head + 1 + random.nextInt(5);
            long last = first + random.nextInt(4);
            head = last + random.nextInt(3);
            all.add(first);
            all.add(last);
            matches = matches.and(first, last);
            for (long seq = Math.max(0, head - 60); seq <= head; seq++) {
                Long due = all.higher(seq);
                long next = matches.next(seq);
                assertThat(next).isGreaterThan(seq).isLessThanOrEqualTo(due == null ? Matches.NOTHING : due);
                if (due != null) {
                    assertThat(matches.lastFrom(next)).isGreaterThanOrEqualTo(next);
                }
            }
            assertThat(matches.next(head)).isEqualTo(Matches.NOTHING);
        }
    }
}
