package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RightsTest {

    private static final Rights DESK = new Rights(selection("orders", "prices/eu-*"), selection("orders/o-*"), false);

    private static Selection selection(String... words) {
        return Selection.of(Stream.of(words).map(Selector::parse).toList());
    }

    private static DocumentName name(String collection, String key) {
        return new DocumentName(new Collection(collection), new Key(key));
    }

    @Test
    void whoNamesNothingReadsAllThatItMay() {
        assertThat(DESK.reading(Selection.ALL)).contains(DESK.read());
        assertThat(Rights.ALL.reading(Selection.ALL)).contains(Selection.ALL);
    }

    @Test
    void whatIsNamedIsReadIfAllOfItMayBe() {
        Selection part = selection("orders/o-1", "prices/eu-w*", "prices/eu-1");

        assertThat(DESK.reading(part)).contains(part);
        assertThat(DESK.reading(Selection.NONE)).contains(Selection.NONE);
    }

    @Test
    void whatIsNamedIsRefusedAsAWholeIfSomeOfItMayNotBeRead() {
        assertThat(DESK.reading(selection("orders", "prices"))).isEmpty();
        assertThat(DESK.reading(selection("prices/eu*"))).isEmpty();
        assertThat(DESK.reading(selection("secrets"))).isEmpty();
    }

    @Test
    void whatIsNamedIsCutToWhatMayBeReadWhereThatIsAskedFor() {
        assertThat(DESK.readable(Selection.ALL)).contains(DESK.read());
        assertThat(DESK.readable(selection("orders/o-*", "prices"))).contains(selection("orders/o-*", "prices/eu-*"));
        assertThat(DESK.readable(selection("prices/eu*"))).contains(selection("prices/eu-*"));
        assertThat(DESK.readable(selection("secrets"))).contains(Selection.NONE);
        assertThat(Rights.ALL.readable(selection("secrets"))).contains(selection("secrets"));
        assertThat(Rights.NONE.readable(selection("secrets"))).isEmpty();
    }

    @Test
    void whoMayReadNothingIsRefusedWhateverItNames() {
        assertThat(Rights.NONE.reading(Selection.ALL)).isEmpty();
        assertThat(Rights.NONE.reading(Selection.NONE)).isEmpty();
    }

    @Test
    void whoMayOnlyWriteMayKnowWhereTheFeedIsAndReadsNothing() {
        var writer = new Rights(Selection.NONE, selection("orders"), false);

        assertThat(writer.reading(Selection.NONE)).contains(Selection.NONE);
        assertThat(writer.reading(Selection.ALL)).isEmpty();
        assertThat(writer.reading(selection("orders"))).isEmpty();
    }

    @Test
    void singleDocumentsAreLookedUp() {
        assertThat(DESK.mayRead(name("prices", "eu-1"))).isTrue();
        assertThat(DESK.mayRead(name("prices", "us-1"))).isFalse();
        assertThat(DESK.mayWrite(name("orders", "o-1"))).isTrue();
        assertThat(DESK.mayWrite(name("prices", "eu-1"))).isFalse();
        assertThat(Rights.ALL.mayWrite(name("prices", "eu-1"))).isTrue();
    }

    @Test
    void rightsCoverThoseThatAllowNoMore() {
        assertThat(Rights.ALL.cover(DESK)).isTrue();
        assertThat(DESK.cover(Rights.NONE)).isTrue();
        assertThat(DESK.cover(DESK)).isTrue();
        assertThat(DESK.cover(Rights.ALL)).isFalse();
        assertThat(DESK.cover(new Rights(Selection.NONE, Selection.NONE, true))).isFalse();
        assertThat(DESK.cover(new Rights(selection("prices/e*"), Selection.NONE, false)))
                .isFalse();
        assertThat(Rights.NONE.cover(DESK)).isFalse();
    }
}
