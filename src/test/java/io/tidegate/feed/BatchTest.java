package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Selection;
import io.tidegate.document.Update;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final List<Change> CHANGES = List.of(
            Change.put("orders", "o-17", "{\"qty\":5}"),
            Change.put("users", "u-1", "\"\u00e9\""),
            Change.delete("orders", "o-17"),
            Change.put("\u65e5\u672c", "k", "[]"),
            Change.put("orders", "o-18", "1"));

    private static final List<Selection> FILTERS = List.of(
            Selection.ALL,
            selection("orders"),
            selection("users"),
            selection("\u65e5\u672c"),
            selection("orders", "\u65e5\u672c"),
            selection("orders", "users", "\u65e5\u672c"),
            selection("orders", "users", "\u65e5\u672c", "others"),
            selection("others"));

    private final Batch.Builder builder = new Batch.Builder(new TextEncoder());

    private static Selection selection(String... names) {
        return Selection.ofCollections(Arrays.stream(names).map(Collection::new).toList());
    }

    private static String expectedLines(List<Change> changes, long firstSeq, long after, Selection selection) {
        var lines = new StringBuilder();
        for (int i = 0; i < changes.size(); i++) {
            long seq = firstSeq + i;
            if (seq > after && selection.includes(changes.get(i).name())) {
                lines.append(TextEncoder.line(new Update(seq, changes.get(i))));
            }
        }
        return lines.toString();
    }

    @Test
    void theStoredFormIsTheBatch() {
        Batch built = builder.build(CHANGES, 1043, 5001, 123_456_789_012L, 1_700_000_000_123L);

        Batch read = Batch.of(built.stored().clone());

        for (Batch batch : List.of(built, read)) {
            assertThat(batch.firstSeq()).isEqualTo(1043);
            assertThat(batch.lastSeq()).isEqualTo(1047);
            assertThat(batch.count()).isEqualTo(5);
            assertThat(batch.offset()).isEqualTo(5001);
            assertThat(batch.bytesBefore()).isEqualTo(123_456_789_012L);
            assertThat(batch.bytesAfter()).isEqualTo(123_456_789_012L + built.stored().length);
            assertThat(batch.committedAtMillis()).isEqualTo(1_700_000_000_123L);
            assertThat(batch.linesAfter(0, Selection.ALL).bytes().utf8String())
                    .isEqualTo(expectedLines(CHANGES, 1043, 0, Selection.ALL));
        }
    }

    @Test
    void theIndexTellsWhereTheKeysBegin() {
        Batch batch = Batch.of(builder.build(CHANGES, 1043, 0, 0, 0).stored());

        for (int i = 0; i < CHANGES.size(); i++) {
            byte[] line = batch.linesAfter(1042 + i, Selection.ALL).bytes().toArray();
            byte[] fromTheKey = Arrays.copyOfRange(line, batch.keyStart(i), line.length);
            assertThat(new String(fromTheKey, StandardCharsets.UTF_8))
                    .startsWith(CHANGES.get(i).key() + " ");
        }
    }

    @Test
    void linesAfterAnySequenceNumberPassAnyFilter() {
        Batch batch = Batch.of(builder.build(CHANGES, 1043, 0, 0, 0).stored());

        for (Selection selection : FILTERS) {
            for (long after : new long[] {0, 1042, 1043, 1044, 1045, 1046, 1047}) {
                for (int again = 0; again < 2; again++) {
                    assertThat(batch.linesAfter(after, selection).bytes().utf8String())
                            .as(selection + " after " + after)
                            .isEqualTo(expectedLines(CHANGES, 1043, after, selection));
                }
            }
        }
    }

    @Test
    void containsItsOwnSequenceNumbersOnly() {
        Batch batch = builder.build(CHANGES, 1043, 0, 0, 0);

        assertThat(batch.contains(1042)).isFalse();
        assertThat(batch.contains(1043)).isTrue();
        assertThat(batch.contains(1047)).isTrue();
        assertThat(batch.contains(1048)).isFalse();
    }

    @Test
    void manyFiltersAreServed() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(Change.put("c" + i, "k", "1"));
        }
        Batch batch = builder.build(changes, 1, 0, 0, 0);

        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(batch.linesAfter(0, selection("c" + i)).bytes().utf8String())
                        .isEqualTo((i + 1) + " c" + i + "/k 1\n");
            }
        }
    }

    @Test
    void aBatchTellsManyCollectionsApart() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < Batch.MAX_COLLECTIONS; i++) {
            changes.add(Change.delete("c" + i, "k"));
        }

        Batch batch = Batch.of(builder.build(changes, 1, 0, 0, 0).stored());

        for (int i : new int[] {0, 1, 32_767, 32_768, 65_533, 65_534}) {
            assertThat(batch.linesAfter(0, selection("c" + i)).bytes().utf8String())
                    .isEqualTo((i + 1) + " c" + i + "/k -\n");
        }
    }

    @Test
    void aBuilderIsUsedAgainWithoutTraces() {
        Batch first = builder.build(CHANGES, 1, 0, 0, 0);
        byte[] before = first.stored().clone();

        Batch second = builder.build(List.of(Change.put("x", "y", "2")), 6, 0, first.bytesAfter(), 0);

        assertThat(first.stored()).isEqualTo(before);
        assertThat(second.linesAfter(0, Selection.ALL).bytes().utf8String()).isEqualTo("6 x/y 2\n");
        assertThat(second.linesAfter(0, selection("orders")).bytes().utf8String())
                .isEmpty();
    }

    @Test
    void randomBatchesServeEveryCursor() {
        long seed = Long.getLong("tidegate.seed", 20250105);
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Change> changes = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                String name =
                        List.of("orders", "users", "\u65e5\u672c", "others").get(random.nextInt(4));
                changes.add(random.nextBoolean() ? Change.delete(name, "k" + i) : Change.put(name, "k", "" + i));
            }
            long firstSeq = 1 + (random.nextLong() >>> 30);
            Batch batch = Batch.of(builder.build(changes, firstSeq, 0, 0, 0).stored());
            long after = firstSeq - 1 + random.nextInt(changes.size() + 1);
            Selection selection = FILTERS.get(random.nextInt(FILTERS.size()));

            assertThat(batch.linesAfter(after, selection).bytes().utf8String())
                    .as("seed " + seed + ", round " + round)
                    .isEqualTo(expectedLines(changes, firstSeq, after, selection));
        }
    }

    @Test
    void bytesThatAreNoBatchAreRefused() {
        for (int length = 0; length < Batch.FOOTER_BYTES; length++) {
            byte[] tooShort = new byte[length];
            assertThatIllegalArgumentException().isThrownBy(() -> Batch.of(tooShort));
        }
        for (int cut = 1; cut < 60; cut++) {
            byte[] stored = builder.build(CHANGES, 1, 0, 0, 0).stored();
            byte[] withoutItsBeginning = Arrays.copyOfRange(stored, cut, stored.length);
            assertThatIllegalArgumentException().isThrownBy(() -> Batch.of(withoutItsBeginning));
        }
    }

    @Test
    void numbersThatCannotBeAreRefusedBeforeMemoryIsTakenForThem() {
        for (int field = 0; field < 3; field++) {
            for (int number : new int[] {-1, 100_000, Integer.MAX_VALUE}) {
                byte[] stored = builder.build(CHANGES, 1, 0, 0, 0).stored().clone();
                ByteBuffer.wrap(stored).putInt(stored.length - Batch.FOOTER_BYTES + 8 + 4 * field, number);

                assertThatIllegalArgumentException()
                        .as("field " + field + " is " + number)
                        .isThrownBy(() -> Batch.of(stored));
            }
        }
    }
}
