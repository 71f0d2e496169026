package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rights as they are written. */
class GrantTest {

    private static final long SEED = Long.getLong("tidegate.seed", 20261129);

    private static final List<String> PIECES =
            List.of("orders", "a", "*", "%", "/", " ", "${name}", "${", "%2A", "ü", "none", "x");

    private static Grant reading(String... words) {
        return new Grant(List.of(words), List.of(), false);
    }

    private static Selection selection(String... words) {
        return Selection.of(List.of(words).stream().map(Selector::parse).toList());
    }

    @Test
    void anAsteriskIsEverything() {
        assertThat(reading("orders", "*").to("desk")).contains(new Rights(Selection.ALL, Selection.NONE, false));
    }

    @Test
    void theNameIsPutInWhereverItsPlaceIs() {
        Grant grant = new Grant(List.of("inbox/${name}/*", "of-${name}"), List.of("inbox/${name}"), false);

        assertThat(grant.to("desk"))
                .contains(new Rights(selection("inbox/desk/*", "of-desk"), selection("inbox/desk"), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a*", "a/b", "%2A", "a b", "ü", "${name}", "a\n", "mtls:desk"})
    void aNameThatCouldMeanMoreIsPutInNowhere(String name) {
        assertThat(reading("inbox/${name}/*").to(name)).isEmpty();
        assertThat(reading("orders").to(name)).isPresent();
    }

    @Test
    void aNameIsPutInUpTo64Characters() {
        assertThat(reading("inbox/${name}").to("n".repeat(64))).isPresent();
        assertThat(reading("inbox/${name}").to("n".repeat(65))).isEmpty();
        // A word that no collection may have, and one that is too long with it.
        assertThat(reading("${name}").to("after")).isEmpty();
        assertThat(reading("c".repeat(100) + "${name}").to("n".repeat(64))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders/", "a b", "after", "${nane}", "x/${sub}", "${name", "a/${name}${"})
    void whatIsNoWordIsRefused(String word) {
        assertThatThrownBy(() -> reading(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(word);
    }

    @Test
    void equalRightsAreEqualHoweverTheyAreWritten() {
        assertThat(reading("orders", "orders/eu-*", "orders/*").to("x"))
                .isEqualTo(reading("orders").to("x"));
        assertThat(reading("inbox/${name}").to("x"))
                .isEqualTo(reading("inbox/x").to("y"));
    }

    @Test
    void whatIsWrittenOfRightsIsReadAsTheSame() {
        var random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            Selection rights = someSelection(random);

            Grant written = new Grant(Grant.words(rights), List.of(), false);

            assertThat(written.to("whoever"))
                    .as("%s, -Dtidegate.seed=%d", rights, SEED)
                    .contains(new Rights(rights, Selection.NONE, false));
        }
    }

    private static Selection someSelection(Random random) {
        if (random.nextInt(20) == 0) {
            return Selection.ALL;
        }
        List<Selector> selectors = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            // Neither a space nor a line is in the name of a collection.
            var collection = new Collection(text(random).replace(" ", "_"));
            selectors.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Selector.Whole(collection);
                        case 1 -> new Selector.One(collection, new Key(text(random)));
                        default -> new Selector.Prefix(collection, text(random));
                    });
        }
        return Selection.of(selectors);
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
