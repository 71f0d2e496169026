package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventLines;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Events;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Event lines in the form that EventSource reads. */
class ServerSentEventsTest {

    private static final Position POSITION = new Position("k7f3", 1042);

    private final ServerSentEvents framing = new ServerSentEvents(() -> new Position("k7f3", 0));

    private static ByteString lines(Consumer<Utf8Buffer> events) {
        var buffer = new Utf8Buffer(64);
        events.accept(buffer);
        return ByteString.fromArray(buffer.toArray());
    }

    private static ByteString twoUpdates() {
        return lines(target -> {
            Events.update(new Update(7, Change.put("c", "k", "{\"seq\":99}")), target);
            Events.update(new Update(8, Change.delete("c", "k")), target);
        });
    }

    private String framed(Consumer<Utf8Buffer> events) {
        return framing.frame(lines(events)).utf8String();
    }

    @Test
    void anEventFromWhichAFollowerResumesHasItsPositionAsId() {
        assertThat(framing.frame(twoUpdates()).utf8String())
                .isEqualTo(
                        """
                        id: k7f3:7
                        data: {"event":"put","seq":7,"collection":"c","key":"k","value":{"seq":99}}

                        id: k7f3:8
                        data: {"event":"delete","seq":8,"collection":"c","key":"k"}

                        """);
        assertThat(framed(target -> Events.synced(POSITION, 3, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.subscribed(POSITION, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.caughtUp(POSITION, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.heartbeat(1042, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.caughtUp(POSITION, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.watching(POSITION, 3, target))).startsWith("id: k7f3:1042\ndata: {");
        assertThat(framed(target -> Events.unwatched(POSITION, target))).startsWith("id: k7f3:1042\ndata: {");
    }

    @Test
    void anEventFromWhichNobodyCanResumeHasNoId() {
        assertThat(framed(target -> Events.resync("\"seq\":5", target))).startsWith("data: {");
        assertThat(framed(target -> Events.condensed("\"seq\":5", target))).startsWith("data: {");
        assertThat(framed(target -> Events.snapshot(5, target))).startsWith("data: {");
        assertThat(framed(target -> Events.error(ErrorCode.STORE_FAILED, "no", target)))
                .startsWith("data: {");
        assertThat(framed(target -> Events.accepted(5, target))).startsWith("data: {");
    }

    @Test
    void aGoodbyeTellsWhenToComeBack() {
        assertThat(framed(target -> Events.goodbye("shutdown", POSITION, 250, "as-is", List.of(), target)))
                .startsWith("retry: 1250\nid: k7f3:1042\ndata: {\"event\":\"goodbye\"")
                .endsWith("}\n\n");
    }

    @Test
    void whatWasCutCountsUpToTheLastCompleteEvent() {
        ByteString framed = framing.frame(twoUpdates());
        int first = framed.utf8String().indexOf("\n\n") + 2;

        assertThat(framing.linesIn(framed)).isEqualTo(twoUpdates());
        for (int taken = 0; taken < framed.size(); taken++) {
            String lines = framing.linesIn(framed.take(taken)).utf8String();
            assertThat(lines.lines().count()).as("after %d bytes", taken).isEqualTo(taken < first ? 0 : 1);
        }
    }

    @Test
    void aFormIsMadeOnceForAllWhoAsk() {
        var shared = new EventLines(twoUpdates(), 2, 8);

        EventLines first = shared.framed(framing);

        assertThat(shared.framed(framing)).isSameAs(first);
        assertThat(shared.framed(new ServerSentEvents(() -> new Position("k7f3", 0))))
                .isNotSameAs(first);
        assertThat(first.updates()).isEqualTo(2);
        assertThat(first.lastSeq()).isEqualTo(8);
        assertThat(first.framed(framing)).isSameAs(first);
    }
}
