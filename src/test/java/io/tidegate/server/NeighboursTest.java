package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(times(300, order -> order.get(0) + " " + order.get(1)))
                .hasSize(6)
                .allSatisfy((pair, clients) -> assertThat(clients).isEqualTo(50));
    }

    @Test
    void eachNamesAllOfFew() {
        assertThat(Neighbours.turned(THREE, 4711)).containsExactlyInAnyOrderElementsOf(THREE);
        assertThat(Neighbours.turned(List.of(), 4711)).isEmpty();
    }

    @Test
    void ofManyAFewAreNamedAndEachToAsManyClients() {
        List<String> many = IntStream.range(0, 20).mapToObj(i -> "n" + i + ":1").toList();

        List<List<String>> orders = LongStream.range(0, 400)
                .mapToObj(turn -> Neighbours.turned(many, turn))
                .toList();

        assertThat(orders).allSatisfy(order -> assertThat(order).hasSize(Neighbours.MOST).doesNotHaveDuplicates());
        assertThat(orders.stream().collect(Collectors.groupingBy(order -> order.get(0), Collectors.counting())))
                .hasSize(20)
                .allSatisfy((node, clients) -> assertThat(clients).isEqualTo(20));
    }
}
