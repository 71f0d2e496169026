package io.tidegate.rocksdb;

import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Keys of the state that a snapshot reads in a row: those with a common beginning, or a single one. */
final class KeyRange {

    private static final KeyRange EVERYTHING = new KeyRange(new byte[0], false);

    private final byte[] start;
    private final boolean isSingle;

    private KeyRange(byte[] start, boolean isSingle) {
        this.start = start;
        this.isSingle = isSingle;
    }

    /** In the order of the keys; no two of them have a key in common. */
    static List<KeyRange> of(Selection selection) {
        return selection.isAll()
                ? List.of(EVERYTHING)
                : selection.least().stream()
                        .map(KeyRange::of)
                        .sorted((one, other) -> Arrays.compareUnsigned(one.start, other.start))
                        .toList();
    }

    private static KeyRange of(Selector selector) {
        var beginning = ByteBuffer.wrap(selector.beginning().getBytes(StandardCharsets.UTF_8));
        byte[] start = StateFamily.key(selector.collection(), beginning);
        return new KeyRange(start, selector instanceof Selector.One);
    }

    /** What its keys begin with, or its only key. */
    byte[] start() {
        return start;
    }

    boolean isSingle() {
        return isSingle;
    }

    /** Which of the ranges that key is in, or behind; the first one if it is before all of them. */
    static int indexOf(byte[] key, List<KeyRange> ranges) {
        int least = 0;
        int most = ranges.size() - 1;
        while (least < most) {
            int middle = (least + most + 1) >>> 1;
            if (Arrays.compareUnsigned(ranges.get(middle).start, key) <= 0) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return least;
    }
}
