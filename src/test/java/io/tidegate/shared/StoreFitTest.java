package io.tidegate.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Position;
import io.tidegate.feed.OrderState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores and shared logs, and what moves a feed from the one to the other. */
@Timeout(60)
class StoreFitTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final OrderState ALONE = new OrderState(7, OrderState.NO_MEMORY);
    private static final Position HEAD = new Position("alone", 7);

    private final MemorySharedLog log = new MemorySharedLog();
    private final Prompt client = new Prompt();
    private final Life life = Life.begin();

    /** What it appends is there at once, behind what others append just before. */
    private class Prompt extends MemorySharedLog.Client {
        final Queue<byte[]> others = new ArrayDeque<>();
        /** So many polls give nothing, though there is something. */
        int empty;

        Prompt() {
            log.super();
        }

        @Override
        public void append(byte[] bytes) throws SharedLogException {
            super.append(bytes);
            others.forEach(log::add);
            others.clear();
            arrive();
        }

        @Override
        public List<Entry> poll(Duration patience) throws SharedLogException {
            return empty-- > 0 ? List.of() : super.poll(patience);
        }
    }

    private Header header(Header.Kind kind, long number) {
        return new Header(kind, Memory.feed(client.identity()), life, number);
    }

    private byte[] group(long number) {
        return Records.group(header(Header.Kind.GROUP, number), List.of());
    }

    /** Of a store that has read what is there now. */
    private OrderState allRead() {
        var lives = new Lives();
        return new Memory(client.identity(), 0, new SharedLog.Place(log.end(), -1), lives).state();
    }

    private void moveFrom(OrderState state) throws SharedLogException {
        StoreFit.moveFrom(client, state, PATIENCE);
    }

    @Test
    void aFeedGoesOnInAStoreThatHasReadAll() {
        log.add(group(1));

        assertThatCode(() -> moveFrom(allRead())).doesNotThrowAnyException();
        assertThat(log.end()).as("with the record of the end").isEqualTo(2);
    }

    @Test
    void aStoreWithoutAChangeOfTheLogDoesNotTakeTheFeedOver() {
        OrderState before = allRead();
        log.add(group(1));

        assertThatThrownBy(() -> moveFrom(before)).hasMessageContaining("has changes that the store does not have");
        assertThat(log.end()).as("the feed is not ended").isEqualTo(1);
    }

    @Test
    void whatIsBehindTheFenceOfItsLifeIsNoChangeThatIsMissing() {
        OrderState before = allRead();
        log.add(Records.fence(
                new Header(Header.Kind.FENCE, Memory.feed(client.identity()), Life.begin(), 1), List.of(life)));
        log.add(group(1));

        assertThatCode(() -> moveFrom(before)).doesNotThrowAnyException();
    }

    @Test
    void whatComesTwiceOrTooEarlyIsNoChangeThatIsMissing() {
        log.add(group(1));
        var lives = new Lives();
        assertThat(lives.admit(header(Header.Kind.GROUP, 1), 1)).isTrue();
        OrderState before = new Memory(client.identity(), 0, new SharedLog.Place(1, -1), lives).state();
        log.add(group(1));
        log.add(group(3));

        assertThatCode(() -> moveFrom(before)).doesNotThrowAnyException();
    }

    @Test
    void whatNodesTellOfThemselvesAndOtherProgramsWriteIsNoChange() {
        OrderState before = allRead();
        log.add(Records.node(header(Header.Kind.NODE, 0), Node.named("n", "1", null, null, null)));
        log.add("of another program".getBytes(StandardCharsets.UTF_8));
        log.add(Records.group(new Header(Header.Kind.GROUP, Memory.feed("another log"), life, 1), List.of()));

        assertThatCode(() -> moveFrom(before)).doesNotThrowAnyException();
    }

    @Test
    void aChangeThatComesJustBeforeTheEndIsSeen() {
        client.others.add(group(1));

        assertThatThrownBy(() -> moveFrom(allRead())).hasMessageContaining("another node took changes meanwhile");
    }

    @Test
    void aLogThatIsSlowToGiveWhatItHasIsReadToItsEnd() {
        OrderState before = allRead();
        log.add(group(1));
        client.empty = 3;

        assertThatThrownBy(() -> moveFrom(before)).hasMessageContaining("has changes that the store does not have");
    }

    @Test
    void aRecordThatIsNotUnderstoodMayBeAChange() {
        OrderState before = allRead();
        byte[] newer = group(1);
        newer[2] = 99;
        log.add(newer);

        assertThatThrownBy(() -> moveFrom(before)).hasMessageContaining("cannot be understood: upgrade this program");
    }

    @Test
    void aFeedIsMovedToALogThatHasNothing() throws SharedLogException {
        OrderState after = StoreFit.moveTo(client, HEAD, ALONE, PATIENCE);

        assertThat(after.offset()).as("as many as before, and the origin").isEqualTo(8);
        assertThatCode(() -> StoreFit.require(client, after)).doesNotThrowAnyException();
        assertThat(StoreFit.extent(client).isWhole())
                .as("what came before the origin is not there")
                .isFalse();
    }

    @Test
    void aLogThatHasAnythingIsNotTaken() {
        log.add(group(1));

        assertThatThrownBy(() -> StoreFit.moveTo(client, HEAD, ALONE, PATIENCE))
                .hasMessageContaining("has entries already");
    }

    @Test
    void ofTwoFeedsThatAreMovedToALogTheFirstIsThere() {
        byte[] faster = Records.origin(header(Header.Kind.ORIGIN, 0), new Position("faster", 3));
        client.others.add(faster);

        assertThatThrownBy(() -> StoreFit.moveTo(client, HEAD, ALONE, PATIENCE))
                .hasMessageContaining("has entries already");
    }

    @Test
    void aLogThatDoesNotTellWhatBecameOfARecordIsNotTrusted() {
        var mute = log.new Client();

        assertThatThrownBy(() -> StoreFit.moveTo(mute, HEAD, ALONE, Duration.ofMillis(50)))
                .hasMessageContaining("did not take a record in time");
    }

    @Test
    void whoTellsOfItselfIsFoundTheNewestFirstUnlessItLeaves() throws SharedLogException {
        tell(Node.named("gone", "1", null, null, "http://gone"));
        tell(Node.named("one", "1", null, null, "http://one"));
        tell(Node.named("two", "1", null, null, "http://two"));
        tell(Node.named("hidden", "1", null, null, null));
        tell(Node.named("gone", "1", null, null, "http://gone").standing(true, true));
        log.add("of another program".getBytes(StandardCharsets.UTF_8));
        log.add(Records.node(
                new Header(Header.Kind.NODE, Memory.feed("another log"), life, 0),
                Node.named("stranger", "1", null, null, "http://stranger")));

        // All of it is long ago by this machine's clock, so it is asked for as far back as that.
        assertThat(StoreFit.announced(client, Duration.ofMillis(System.currentTimeMillis())))
                .containsExactly("http://two", "http://one");
        assertThat(StoreFit.announced(client, Duration.ofSeconds(1))).isEmpty();
    }

    private void tell(Node node) {
        log.add(Records.node(header(Header.Kind.NODE, 0), node));
    }
}
