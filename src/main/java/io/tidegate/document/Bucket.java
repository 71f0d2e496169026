package io.tidegate.document;

/**
 * An amount that time refills, up to a most. Who takes more than there is leaves it below nothing, and waits the longer. Not
 * thread-safe.
 */
public final class Bucket {

    private final double most;
    private final double perNano;
    private double level;
    private long atNanos;

    /**
     * A full one.
     *
     * @param perSecond by how much it is refilled
     */
    public Bucket(double most, double perSecond, long nowNanos) {
        this.most = most;
        this.perNano = perSecond / 1e9;
        this.level = most;
        this.atNanos = nowNanos;
    }

    /** How much there is. */
    public double level(long nowNanos) {
        level = Math.min(most, level + (nowNanos - atNanos) * perNano);
        atNanos = nowNanos;
        return level;
    }

    public boolean isFull(long nowNanos) {
        return level(nowNanos) >= most;
    }

    /** Takes so much, whether it is there or not; of what was there when it was last asked. */
    public void take(double amount) {
        level -= amount;
    }
}
