package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What followers cost who follow a part: none is woken, and nothing is made, for whom a commit does not concern. */
class SelectiveHubTest {

    private static final int PLENTY = 1 << 20;

    private final StepExecutor commits = new StepExecutor();
    private final StepExecutor reads = new StepExecutor();
    private final MemoryFeedLog log = new MemoryFeedLog();
    private final Feed feed = new Feed(
            log,
            FeedLimits.roomy().ring(4, 1 << 20).settings(),
            TextEncoder.quotingKeys(),
            commits,
            reads,
            Runnable::run,
            CommitObserver.NONE);

    /** A follower as a connection is one: a turn takes all there is. */
    private final class Follower {

        private final AtomicInteger turns = new AtomicInteger();
        private final List<EventLines> taken = new ArrayList<>();
        private final Subscription cursor;
        private final Wakeup wakeup = new Wakeup(Runnable::run, this::turn);

        Follower(String... selectors) {
            cursor = feed.subscribeAfter(feed.hub().head(), selection(selectors), Steps.EVERY, wakeup);
            poll();
        }

        private void turn() {
            turns.incrementAndGet();
            poll();
        }

        private void poll() {
            wakeup.reset();
            for (EventLines lines = next(); lines != null; lines = next()) {
                taken.add(lines);
            }
        }

        private @Nullable EventLines next() {
            try {
                return cursor.poll(PLENTY);
            } catch (FeedLogException e) {
                throw new IllegalStateException(e);
            }
        }

        String text() {
            return String.join(
                    "", taken.stream().map(each -> each.bytes().utf8String()).toList());
        }
    }

    private static Selection selection(String... selectors) {
        return selectors.length == 0
                ? Selection.ALL
                : Selection.of(List.of(selectors).stream().map(Selector::parse).toList());
    }

    /** One commit. */
    private void publish(String... names) {
        for (String name : names) {
            String[] parts = name.split("/", 2);
            var unused = feed.publish(Change.put(parts[0], parts[1], "1"), () -> {});
        }
        commits.runAll();
    }

    @Test
    void aCommitGivesATurnToThoseWhomItConcerns() {
        var all = new Follower();
        var whole = new Follower("orders");
        var prefix = new Follower("orders/eu-*");
        var one = new Follower("orders/eu-1", "users/u");
        var other = new Follower("orders/us-1");

        publish("orders/eu-1");
        publish("users/u", "users/v");
        publish("orders/eu-2");

        assertThat(all.turns).hasValue(3);
        assertThat(whole.turns).hasValue(2);
        assertThat(prefix.turns).hasValue(2);
        assertThat(one.turns).hasValue(2);
        assertThat(other.turns).hasValue(0);
        assertThat(prefix.text()).isEqualTo("1 orders/\"eu-1\" 1\n4 orders/\"eu-2\" 1\n");
        assertThat(one.text()).isEqualTo("1 orders/\"eu-1\" 1\n2 users/\"u\" 1\n");
    }

    @Test
    void aThousandFollowersOfOtherKeysGetNoTurn() {
        List<Follower> followers = IntStream.range(0, 1000)
                .mapToObj(i -> new Follower("orders/o-" + i))
                .toList();

        for (int i = 0; i < 50; i++) {
            publish("orders/o-" + 20 * i, "orders/p");
        }

        assertThat(followers.stream().mapToInt(each -> each.turns.get()).sum()).isEqualTo(50);
        assertThat(followers.stream().mapToInt(each -> each.taken.size()).sum()).isEqualTo(50);
    }

    @Test
    void equalSelectionsAreSentTheSameBytes() {
        var one = new Follower("orders/a", "users");
        var same = new Follower("users", "orders/a", "users/x");
        var other = new Follower("users");

        publish("orders/a", "orders/b", "users/x");

        assertThat(one.taken).hasSize(1);
        assertThat(one.taken.get(0)).isSameAs(same.taken.get(0));
        assertThat(other.text()).isEqualTo("3 users/\"x\" 1\n");
    }

    @Test
    void theRunsOfManySelectionsAreRememberedWithinARound() {
        List<Follower> followers = IntStream.range(0, 1000)
                .mapToObj(i -> new Follower("c" + i % 200))
                .toList();

        publish(IntStream.range(0, 200).mapToObj(i -> "c" + i + "/k").toArray(String[]::new));

        long made = followers.stream()
                .flatMap(each -> each.taken.stream())
                .distinct()
                .count();
        assertThat(followers).allSatisfy(each -> assertThat(each.taken).hasSize(1));
        assertThat(made).isLessThan(300);
    }

    @Test
    void whoIsNotConcernedMovesOnWithoutATurn() {
        var idle = new Follower("orders/never");

        publish("orders/a");
        publish("orders/b", "orders/c");

        assertThat(idle.turns).hasValue(0);
        assertThat(idle.cursor.seq()).isEqualTo(3);
        assertThat(idle.cursor.taken()).isEqualTo(3);
        assertThat(idle.cursor.lag()).isZero();
        assertThat(idle.cursor.isLive()).isTrue();
        assertThat(idle.cursor.isLagging(Long.MAX_VALUE)).isFalse();
        assertThat(feed.status().largestLag()).isZero();
    }

    @Test
    void whatIsNotInTheRingAnyMoreIsNotReadIfItDoesNotConcernTheFollower() {
        var idle = new Follower("orders/wanted");

        for (int i = 0; i < 20; i++) {
            publish("orders/a");
        }
        log.trimTo(19);
        publish("orders/wanted");

        assertThat(idle.text()).isEqualTo("21 orders/\"wanted\" 1\n");
        assertThat(idle.turns).hasValue(1);
        assertThat(reads.pending()).isZero();
        assertThat(log.reads()).isZero();
    }

    @Test
    void aHeldCursorStaysWhereItIsHeld() {
        var held = new Follower("orders/never");
        publish("orders/a");
        held.cursor.holdAt(1);

        publish("orders/a");
        assertThat(held.cursor.seq()).isEqualTo(1);
        assertThat(held.cursor.isHeld()).isTrue();
        assertThat(held.cursor.isLive()).isFalse();
        held.cursor.goOn();

        assertThat(held.cursor.seq()).isEqualTo(2);
        assertThat(held.cursor.isLive()).isTrue();
    }

    @Test
    void anEndedCursorGoesNoFurther() {
        var ending = new Follower("orders/never");
        publish("orders/a");

        ending.cursor.endAt(1);
        publish("orders/a", "orders/never");

        assertThat(ending.cursor.isAtEnd()).isTrue();
        assertThat(ending.cursor.seq()).isEqualTo(1);
    }

    @Test
    void whoSelectsSomethingElseIsConcernedByThatFromThereOn() {
        var follower = new Follower("orders/a");
        publish("orders/b");

        assertThat(follower.cursor.select(selection("orders/b"))).isEqualTo(1);
        publish("orders/a");
        publish("orders/b");

        assertThat(follower.text()).isEqualTo("3 orders/\"b\" 1\n");
        assertThat(follower.cursor.seq()).isEqualTo(3);
    }

    @Test
    void whoSelectsWhileTheLogIsReadForItIsNotSentWhatItSelectedBefore() throws FeedLogException {
        publish("orders/a");
        for (int i = 0; i < 10; i++) {
            publish("orders/b");
        }
        Subscription late =
                feed.subscribeAfter(0, selection("orders/a"), Steps.EVERY, new Wakeup(Runnable::run, () -> {}));
        assertThat(late.poll(PLENTY)).isNull();
        assertThat(reads.pending()).isEqualTo(1);

        assertThat(late.select(selection("orders/c"))).isZero();
        reads.runAll();
        publish("orders/c");

        assertThat(late.poll(PLENTY)).isNull();
        reads.runAll();
        EventLines lines = late.poll(PLENTY);
        assertThat(lines).isNotNull();
        assertThat(lines.bytes().utf8String()).isEqualTo("12 orders/\"c\" 1\n");
    }

    @Test
    void theLogIsReadForWhatIsSelected() throws FeedLogException {
        publish("orders/a");
        for (int i = 0; i < 200; i++) {
            publish("orders/b");
        }
        publish("orders/a");
        Subscription late =
                feed.subscribeAfter(0, selection("orders/a"), Steps.EVERY, new Wakeup(Runnable::run, () -> {}));

        assertThat(late.poll(PLENTY)).isNull();
        reads.runAll();
        EventLines lines = late.poll(PLENTY);

        assertThat(lines).isNotNull();
        assertThat(lines.bytes().utf8String()).isEqualTo("1 orders/\"a\" 1\n202 orders/\"a\" 1\n");
        assertThat(log.reads()).isEqualTo(1);
        assertThat(late.isLive()).isTrue();
    }
}
