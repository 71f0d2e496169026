package io.tidegate.fuzz;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What fuzzers share. */
public final class Fuzzing {

    /** How long each of them looks for new inputs when it is asked to, and no longer replays those that are known. */
    public static final String DURATION = "60s";

    /** Of longer ones no input is cut into single bytes. */
    private static final int SINGLE_BYTES = 512;

    private Fuzzing() {}

    /** The same bytes in one piece, one by one, and cut anywhere, in a way that depends on nothing but them. */
    public static List<List<ByteString>> cuts(byte[] bytes) {
        List<List<ByteString>> cuts = new ArrayList<>();
        cuts.add(List.of(ByteString.fromArray(bytes)));
        var random = new Random(Arrays.hashCode(bytes));
        cuts.add(cut(bytes, random, Math.max(1, bytes.length / 2)));
        cuts.add(cut(bytes, random, 16));
        if (bytes.length <= SINGLE_BYTES) {
            cuts.add(cut(bytes, random, 1));
        }
        return cuts;
    }

    private static List<ByteString> cut(byte[] bytes, Random random, int longest) {
        List<ByteString> pieces = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
            pieces.add(ByteString.fromArray(bytes, at, length));
            at += length;
        }
        return pieces;
    }
}
