package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How large a selection may be. */
class SelectionLimitsTest {

    private static final SelectionLimits LIMITS = new SelectionLimits(3, 20);

    private static Selection of(String... words) {
        return Selection.of(Stream.of(words).map(Selector::parse).toList());
    }

    @Test
    void whatIsWithinBothIsTaken() {
        assertThat(LIMITS.refusal(Selection.ALL)).isNull();
        assertThat(LIMITS.refusal(Selection.NONE)).isNull();
        assertThat(LIMITS.refusal(of("a", "b", "c"))).isNull();
        // Each word with the space behind it.
        assertThat(LIMITS.refusal(of("orders/o-1", "orders/*"))).isNull();
    }

    @Test
    void moreSelectorsAreRefusedWithTheNumberThatIsAllowed() {
        String refusal = LIMITS.refusal(Selection.of(
                IntStream.range(0, 4).mapToObj(i -> Selector.parse("c" + i)).toList()));

        assertThat(refusal).contains("4 selectors", "at most 3", "tidegate.connection.selectors");
    }

    @Test
    void moreBytesAreRefusedWithTheNumberThatIsAllowed() {
        String refusal = LIMITS.refusal(of("orders/o-1", "orders/o-2"));

        assertThat(refusal).contains("22 bytes", "at most 20", "tidegate.connection.selection-bytes");
    }

    @Test
    void selectorsThatOthersCoverCount() {
        assertThat(LIMITS.refusal(of("a", "a/1", "a/2", "a/3"))).contains("4 selectors");
    }
}
