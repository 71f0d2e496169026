package io.tidegate.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketTest {

    private static final long START = -5;

    private final Bucket bucket = new Bucket(10, 4, START);

    private static long after(Duration time) {
        return START + time.toNanos();
    }

    @Test
    void isFullAtFirst() {
        assertThat(bucket.isFull(START)).isTrue();
        assertThat(bucket.level(START)).isEqualTo(10);
    }

    @Test
    void isRefilledByTimeAndNeverMoreThanFull() {
        bucket.take(6);
        assertThat(bucket.level(START)).isEqualTo(4);
        assertThat(bucket.level(after(Duration.ofMillis(500)))).isEqualTo(6);
        assertThat(bucket.isFull(after(Duration.ofMillis(1_499)))).isFalse();
        assertThat(bucket.isFull(after(Duration.ofMillis(1_500)))).isTrue();
        assertThat(bucket.level(after(Duration.ofDays(1)))).isEqualTo(10);
    }

    @Test
    void whoTakesMoreThanThereIsWaitsTheLonger() {
        bucket.take(14);

        assertThat(bucket.level(after(Duration.ofSeconds(1)))).isZero();
        assertThat(bucket.level(after(Duration.ofSeconds(2)))).isEqualTo(4);
    }
}
