package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The index: whom a commit marks, and whom a round takes. */
class InterestsTest {

    private final Interests interests = new Interests();

    private static Selection selection(String... words) {
        return Selection.of(List.of(words).stream().map(Selector::parse).toList());
    }

    private static boolean isMarked(Interest interest, long head) {
        return interest.matches().next(head) != Matches.NOTHING;
    }

    @Test
    void equalSelectionsAreOneInterest() {
        Interest one = interests.join(selection("a", "b/k"), 0);

        assertThat(interests.join(selection("b/k", "a", "a/x"), 0)).isSameAs(one);
        assertThat(interests.join(selection("a"), 0)).isNotSameAs(one);
        assertThat(interests.join(Selection.ALL, 0)).isSameAs(interests.everything());
    }

    @Test
    void anInterestIsForgottenWithItsLastFollower() {
        Interest first = interests.join(selection("a/k"), 0);
        Interest second = interests.join(selection("a/k"), 0);
        interests.leave(first);
        assertThat(interests.join(selection("a/k"), 0)).isSameAs(second);
        interests.leave(first);
        interests.leave(second);

        interests.mark(List.of(Change.put("a", "k", "1")), 1);

        assertThat(isMarked(first, 0)).isFalse();
        assertThat(interests.join(selection("a/k"), 1)).isNotSameAs(first);
    }

    @Test
    void whoFollowsNothingIsConcernedByNothing() {
        Interest nothing = interests.join(Selection.NONE, 1000);

        interests.mark(List.of(Change.put("a", "k", "1")), 1001);

        assertThat(nothing.matches().next(0)).isEqualTo(Matches.NOTHING);
    }

    @Test
    void ofACommitTheFirstAndTheLastMatchAreKnown() {
        Interest interest = interests.join(selection("a/k", "b"), 10);

        interests.mark(
                List.of(
                        Change.put("a", "x", "1"),
                        Change.put("b", "x", "1"),
                        Change.put("a", "x", "1"),
                        Change.delete("a", "k"),
                        Change.put("a", "kk", "1")),
                11);

        assertThat(interest.matches().next(10)).isEqualTo(12);
        assertThat(interest.matches().lastFrom(12)).isEqualTo(14);
    }

    @Test
    void aRoundTakesTheParkedOfThoseThatWereMarkedAndNobodyElse() {
        List<String> turns = new ArrayList<>();
        Map<String, Interest> byName = new HashMap<>();
        for (String name : List.of("a", "a/k", "a/k*", "b", "b/k")) {
            Interest interest = interests.join(selection(name), 0);
            byName.put(name, interest);
            interest.parked().park(new Wakeup(Runnable::run, () -> turns.add(name)));
        }

        interests.mark(List.of(Change.put("a", "kk", "1")), 1);
        round();
        assertThat(turns).containsExactlyInAnyOrder("a", "a/k*");
        interests.mark(List.of(Change.put("b", "x", "1")), 2);
        interests.mark(List.of(Change.put("b", "k", "1")), 3);
        round();
        assertThat(turns).containsExactlyInAnyOrder("a", "a/k*", "b", "b/k");
        round();
        assertThat(turns).hasSize(4);

        byName.forEach((name, interest) -> interest.parked().park(new Wakeup(Runnable::run, () -> turns.add(name))));
        interests.mark(List.of(Change.put("b", "x", "1")), 4);
        round();
        assertThat(turns).hasSize(5).endsWith("b");
        assertThat(isMarked(byName.getOrDefault("a/k", interests.everything()), 0))
                .isFalse();
    }

    private void round() {
        var round = new Round();
        interests.moveParkedTo(round);
        round.giveTurns(Runnable::run);
    }

    @Test
    void exactlyThoseAreMarkedWhoseSelectionIncludesAChange() {
        var random = new Random(20261129);
        Map<Selection, List<Interest>> joined = new HashMap<>();
        long head = 0;
        for (int step = 0; step < 3000; step++) {
            Selection selection = anySelection(random);
            List<Interest> known = joined.computeIfAbsent(selection, unused -> new ArrayList<>());
            if (known.isEmpty() || random.nextInt(3) > 0) {
                known.add(interests.join(selection, head));
            } else {
                interests.leave(known.remove(0));
            }
            List<Change> changes = IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(i -> Change.delete("c" + random.nextInt(3), key(random)))
                    .toList();
            interests.mark(changes, head + 1);

            Set<Selection> marked = new HashSet<>();
            Set<Selection> concerned = new HashSet<>();
            for (Map.Entry<Selection, List<Interest>> each : joined.entrySet()) {
                for (Interest interest : each.getValue()) {
                    if (isMarked(interest, head)) {
                        marked.add(each.getKey());
                    }
                    if (changes.stream().anyMatch(change -> each.getKey().includes(change.name()))) {
                        concerned.add(each.getKey());
                    }
                }
            }
            assertThat(marked).as("step " + step).isEqualTo(concerned);
            head += changes.size();
        }
    }

    private static Selection anySelection(Random random) {
        return Selection.of(IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> {
                    var collection = new Collection("c" + random.nextInt(3));
                    return switch (random.nextInt(5)) {
                        case 0 -> new Selector.Whole(collection);
                        case 1, 2 -> new Selector.Prefix(collection, key(random));
                        default -> new Selector.One(collection, new Key(key(random)));
                    };
                })
                .toList());
    }

    private static String key(Random random) {
        return "ab\u00e9".substring(random.nextInt(2), 2 + random.nextInt(2)) + "xy".substring(random.nextInt(3));
    }

    @Test
    void whereNobodyKnowsWhomACommitConcernsAllLookForThemselvesOnce() {
        Interest quiet = interests.join(selection("a/k"), 5);
        List<String> turns = new ArrayList<>();
        quiet.parked().park(new Wakeup(Runnable::run, () -> turns.add("quiet")));

        interests.markAll(8);
        var round = new Round();
        interests.moveParkedTo(round);
        round.giveTurns(Runnable::run);

        assertThat(turns).containsExactly("quiet");
        assertThat(quiet.matches().next(5)).isEqualTo(6);
        assertThat(quiet.matches().next(8)).isEqualTo(Matches.NOTHING);
        var next = new Round();
        interests.moveParkedTo(next);
        next.giveTurns(Runnable::run);
        assertThat(turns).hasSize(1);
    }
}
