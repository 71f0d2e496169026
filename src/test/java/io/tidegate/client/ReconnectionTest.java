package io.tidegate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.client.FakeServer.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where a client goes that was sent away. */
class ReconnectionTest {

    private static final String HOME = "home";

    private final List<String> tried = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private Set<String> there = Set.of();
    private Set<String> refusing = Set.of();

    private final Reconnection reconnection = new Reconnection(this::connect, this::pause, new BackOff(new Random(1)));

    private LineClient connect(@Nullable String node) throws IOException {
        String place = node == null ? HOME : node;
        tried.add(place);
        if (refusing.contains(place)) {
            throw new RefusedException("no such token");
        }
        if (!there.contains(place)) {
            throw new ConnectException("refused");
        }
        try (var server = FakeServer.with(Peer::expectEnd)) {
            LineClient client = LineClient.open("127.0.0.1", server.port());
            client.close();
            return client;
        }
    }

    private void pause(Duration duration) {
        pauses.add(duration);
        if (pauses.size() == 3) {
            // Somebody comes back at last.
            there = Set.of(HOME);
        }
    }

    private static EventLine goodbye(long slotMillis, String nodes) throws IOException {
        String line = "{\"event\":\"goodbye\",\"reconnectAfterMs\":" + slotMillis + nodes + "}\n";
        var lines = new LineReader(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
        assertThat(lines.next()).isTrue();
        return EventLine.of(lines);
    }

    private static EventLine naming(String... nodes) throws IOException {
        return goodbye(250, ",\"nodes\":[\"" + String.join("\",\"", nodes) + "\"]");
    }

    @Test
    void theNodesOfTheGoodbyeAreTriedInTheirOrderInTheSlotAndThenItsOwnServer() throws Exception {
        assertThat(reconnection.take(naming("b:1", "c:2"))).isTrue();
        there = Set.of(HOME);

        reconnection.attempt();

        assertThat(tried).containsExactly("b:1", "c:2", HOME);
        assertThat(pauses).containsExactly(Duration.ofMillis(250));
        assertThat(reconnection.node()).isEmpty();
    }

    @Test
    void aNodeThatIsNotThereIsPassedOver() throws Exception {
        reconnection.take(naming("b:1", "c:2", "d:3"));
        there = Set.of(HOME, "c:2", "d:3");

        reconnection.attempt();

        assertThat(tried).containsExactly("b:1", "c:2");
        assertThat(reconnection.node()).isEqualTo("c:2");
    }

    @Test
    void allAreTriedAgainUntilOneIsThere() throws Exception {
        reconnection.take(naming("b:1"));

        while (reconnection.attempt() == null) {
            // Somebody comes back at last.
        }

        assertThat(tried).containsExactly("b:1", HOME, "b:1", HOME, "b:1", HOME);
        assertThat(pauses).hasSize(3).startsWith(Duration.ofMillis(250));
    }

    @Test
    void aConnectionThatIsLostLaterIsMadeAgainAtOneOfThem() throws Exception {
        reconnection.take(naming("b:1", "c:2"));
        there = Set.of("b:1", "c:2");
        reconnection.attempt();
        tried.clear();
        there = Set.of("c:2");

        reconnection.attempt();

        assertThat(tried).containsExactly("b:1", "c:2");
    }

    @Test
    void withoutNodesItComesBackToItsOwnServer() throws Exception {
        reconnection.take(goodbye(0, ""));
        there = Set.of(HOME);

        reconnection.attempt();

        assertThat(tried).containsExactly(HOME);
    }

    @Test
    void whoIsRefusedAtOneNodeTriesTheNext() throws Exception {
        reconnection.take(naming("b:1", "c:2"));
        refusing = Set.of("b:1");
        there = Set.of("c:2");

        reconnection.attempt();

        assertThat(tried).containsExactly("b:1", "c:2");
    }

    @Test
    void whoIsRefusedAndFindsNobodyElseIsTold() throws Exception {
        reconnection.take(naming("b:1", "c:2"));
        refusing = Set.of("b:1");

        assertThatThrownBy(reconnection::attempt).isInstanceOf(RefusedException.class);
        assertThat(tried).containsExactly("b:1", "c:2", HOME);
    }

    @Test
    void moreThanAServerNamesAreNotTried() throws Exception {
        reconnection.take(naming("1:1", "2:1", "3:1", "4:1", "5:1", "6:1", "7:1", "8:1", "9:1"));
        there = Set.of(HOME);

        reconnection.attempt();

        assertThat(tried).hasSize(9).doesNotContain("9:1");
    }

    @Test
    void listsOfOtherThingsThanTextsAreRead() throws Exception {
        EventLine event =
                goodbye(7, ",\"nodes\":[1,{\"a\":[\"x\"]},\"b:1\",[\"c:2\"]],\"more\":{\"z\":1},\"last\":\"z\"");

        assertThat(event.texts("nodes")).containsExactly("b:1");
        assertThat(event.text("last")).isEqualTo("z");
    }
}
