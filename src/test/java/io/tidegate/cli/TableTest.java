package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Columns as people read them. */
class TableTest {

    @Test
    void wordsStandAtTheLeftAndNumbersAtTheRight() {
        var table = new Table("ID", "PEER", "BYTES");
        table.row(7L, "10.0.0.7:51234", 5L);
        table.row(1204L, "10.0.0.8:1", 86_744L);

        assertThat(table.lines())
                .containsExactly(
                        "  ID  PEER            BYTES", "   7  10.0.0.7:51234      5", "1204  10.0.0.8:1      86744");
    }

    @Test
    void withoutRowsThereAreTheTitles() {
        assertThat(new Table("ID", "PEER").lines()).containsExactly("ID  PEER");
    }
}
