package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a run knows its own values again.
 *
 * <pre>
 *  {"bench":"rrrrppppnnnnnnnnnnnnnnnntttttttttttttttt","pad":"xxx…"}
 * </pre>
 *
 * <p>In hexadecimal digits: {@code r} the run, a random number; {@code p} the publisher; {@code n} the number of the
 * value, which the publisher counts from 0; {@code t} when it was to be sent, in nanoseconds of the run's clock. The size
 * is the same for all values of a run, so that a value is found from the end of its line.
 */
final class Mark {

    static final int MIN_VALUE_BYTES = 64;

    /** Publishers that four digits tell apart. */
    static final int MAX_PUBLISHERS = 1 << 16;

    private static final String BEFORE = "{\"bench\":\"";
    private static final String BETWEEN = "\",\"pad\":\"";
    private static final String AFTER = "\"}";

    private static final int RUN = BEFORE.length();
    private static final int NUMBER = RUN + 8;
    private static final int NANOS = NUMBER + 16;
    private static final int DIGITS = 40;

    /** The eight characters before the digits. */
    private static final long NAME = Octets.of(BEFORE.substring(RUN - Long.BYTES));

    private final int valueBytes;
    private final int publishers;
    private final long run;

    /** @param run from 0 to 65,535 */
    Mark(int valueBytes, int publishers, int run) {
        this.valueBytes = valueBytes;
        this.publishers = publishers;
        this.run = (long) run << 16;
    }

    /** The mark of a new run. */
    static Mark random(int valueBytes, int publishers) {
        return new Mark(valueBytes, publishers, ThreadLocalRandom.current().nextInt(1 << 16));
    }

    int valueBytes() {
        return valueBytes;
    }

    /** A value whose digits are still to be written. */
    byte[] blank() {
        int pad = valueBytes - BEFORE.length() - DIGITS - BETWEEN.length() - AFTER.length();
        String value = BEFORE + "0".repeat(DIGITS) + BETWEEN + "x".repeat(pad) + AFTER;
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the digits of the value at {@code offset}. */
    void write(byte[] bytes, int offset, int publisher, long number, long nanos) {
        Octets.putHex(bytes, offset + RUN, 8, run | publisher);
        Octets.putHex(bytes, offset + NUMBER, 16, number);
        Octets.putHex(bytes, offset + NANOS, 16, nanos);
    }

    /** The publisher of the value at {@code offset}; -1 if it is no value of this run. */
    int publisher(byte[] bytes, int offset) {
        if (Octets.at(bytes, offset + RUN - Long.BYTES) != NAME) {
            return -1;
        }
        long tag = Octets.hex8(bytes, offset + RUN) ^ run;
        return tag < publishers ? (int) tag : -1;
    }

    static long number(byte[] bytes, int offset) {
        return Octets.hex16(bytes, offset + NUMBER);
    }

    static long nanos(byte[] bytes, int offset) {
        return Octets.hex16(bytes, offset + NANOS);
    }
}
