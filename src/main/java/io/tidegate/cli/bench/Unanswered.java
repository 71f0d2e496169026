package io.tidegate.cli.bench;

/** When the puts of one publisher that have no answer yet were to be sent, in their order. */
final class Unanswered {

    private long[] nanos = new long[64];
    private int first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void add(long intendedNanos) {
        if (count == nanos.length) {
            grow();
        }
        nanos[first + count & nanos.length - 1] = intendedNanos;
        count++;
    }

    long takeFirst() {
        long taken = nanos[first];
        first = first + 1 & nanos.length - 1;
        count--;
        return taken;
    }

    private void grow() {
        long[] larger = new long[nanos.length * 2];
        System.arraycopy(nanos, first, larger, 0, nanos.length - first);
        System.arraycopy(nanos, 0, larger, nanos.length - first, first);
        nanos = larger;
        first = 0;
    }
}
