package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How memory is divided among those who read. */
class ReadBudgetTest {

    private static final int PIECE = 64 << 10;

    private final ReadBudget budget = new ReadBudget(1 << 20);

    @Test
    void aFewReadersGetWhatTheyLike() {
        budget.enter();
        budget.enter();

        assertThat(budget.share(PIECE)).isEqualTo(PIECE);
    }

    @Test
    void manyReadersTogetherStayWithinTheBudget() {
        for (int i = 0; i < 100; i++) {
            budget.enter();
        }

        assertThat(2 * 100 * budget.share(PIECE)).isBetween(1 << 19, 1 << 20);
    }

    @Test
    void aPieceIsNeverTooSmallToBeWorthIt() {
        for (int i = 0; i < 100_000; i++) {
            budget.enter();
        }

        assertThat(budget.share(PIECE)).isEqualTo(4096);
    }

    @Test
    void whoLeavesMakesRoom() {
        for (int i = 0; i < 100; i++) {
            budget.enter();
        }
        for (int i = 0; i < 99; i++) {
            budget.leave();
        }

        assertThat(budget.share(PIECE)).isEqualTo(PIECE);
    }
}
