package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.Transport;
import io.tidegate.shared.Node;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How clients are spread over the other nodes. */
class NeighboursTest {

    private static final List<String> THREE = List.of("b:1", "c:1", "d:1");

    private static Map<String, Long> times(int clients, Function<List<String>, String> which) {
        return LongStream.range(0, clients)
                .mapToObj(turn -> which.apply(Neighbours.turned(THREE, turn)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    void eachIsFirstForAThirdOfTheClients() {
        assertThat(times(300, order -> order.get(0)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("b:1", 100L, "c:1", 100L, "d:1", 100L));
    }

    @Test
    void theClientsOfOneThatIsAwayAreSpreadOverTheOthersAlike() {
        List<String> four = List.of("b:1", "c:1", "d:1", "e:1");

        assertThat(LongStream.range(0, 240)
                        .mapToObj(turn -> Neighbours.turned(four, turn))
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())))
                .as("all orders there are")
                .hasSize(24)
                .allSatisfy((order, clients) -> assertThat(clients).isEqualTo(10));
    }

    @Test
    void eachNamesAllOfFew() {
        assertThat(Neighbours.turned(THREE, 4711)).containsExactlyInAnyOrderElementsOf(THREE);
        assertThat(Neighbours.turned(List.of(), 4711)).isEmpty();
    }

    @Test
    void whoIsNotOpenIsNotNamedAndLoopbackToLocalClientsOnly() {
        Node there = Node.named("a", "1", "10.0.0.1:8989", "https://a.example:8080", null);
        Node near = Node.named("b", "1", "127.0.0.1:8989", "http://[::1]:8080", null);
        Node named = Node.named("c", "1", "localhost:8989", "http://localhost:8080", null);
        List<Node> nodes = List.of(there, near, named, there.standing(true, true), there.standing(false, false));

        assertThat(Neighbours.addresses(nodes, Transport.TCP, true))
                .containsExactly("10.0.0.1:8989", "127.0.0.1:8989", "localhost:8989");
        assertThat(Neighbours.addresses(nodes, Transport.TCP, false)).containsExactly("10.0.0.1:8989");
        assertThat(Neighbours.addresses(nodes, Transport.SSE, false)).containsExactly("https://a.example:8080");
        assertThat(Neighbours.addresses(nodes, Transport.WEB_SOCKET, false)).containsExactly("wss://a.example:8080");
    }

    @Test
    void ofManyAFewAreNamedAndEachToAsManyClients() {
        List<String> many = IntStream.range(0, 20).mapToObj(i -> "n" + i + ":1").toList();

        List<List<String>> orders = LongStream.range(0, 400)
                .mapToObj(turn -> Neighbours.turned(many, turn))
                .toList();

        assertThat(orders)
                .allSatisfy(order -> assertThat(order).hasSize(Neighbours.MOST).doesNotHaveDuplicates());
        assertThat(orders.stream().collect(Collectors.groupingBy(order -> order.get(0), Collectors.counting())))
                .hasSize(20)
                .allSatisfy((node, clients) -> assertThat(clients).isEqualTo(20));
    }
}
