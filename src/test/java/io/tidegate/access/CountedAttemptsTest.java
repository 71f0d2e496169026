package io.tidegate.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who tries too often, by address. */
class CountedAttemptsTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Failures failures = new Failures();
    private final CountedAttempts attempts =
            new CountedAttempts(new AttemptSettings(3, Duration.ofSeconds(30), 100), nanos::get, failures);

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private void fail(String address, int times) throws UnknownHostException {
        for (int i = 0; i < times; i++) {
            attempts.failed(address(address));
        }
    }

    @Test
    void anAddressMayFailSoOftenAtOnce() throws Exception {
        fail("192.0.2.1", 2);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isTrue();

        fail("192.0.2.1", 1);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isFalse();
        assertThat(attempts.mayTry(address("192.0.2.2"))).isTrue();
    }

    @Test
    void timeGivesAttemptsBackOneByOneAndNoMoreThanThereWere() throws Exception {
        fail("192.0.2.1", 50);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isFalse();

        nanos.addAndGet(1);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isTrue();

        nanos.addAndGet(Duration.ofDays(1).toNanos());
        fail("192.0.2.1", 2);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isTrue();
        fail("192.0.2.1", 1);
        assertThat(attempts.mayTry(address("192.0.2.1"))).isFalse();
    }

    @Test
    void aNetworkOf64BitsIsOneAddress() throws Exception {
        fail("2001:db8:1:2::1", 2);
        fail("2001:db8:1:2:ffff::9", 1);

        assertThat(attempts.mayTry(address("2001:db8:1:2::7"))).isFalse();
        assertThat(attempts.mayTry(address("2001:db8:1:3::7"))).isTrue();
        // The same as an address of IPv4.
        fail("::ffff:192.0.2.9", 3);
        assertThat(attempts.mayTry(address("192.0.2.9"))).isFalse();
        assertThat(attempts.mayTry(address("192.0.2.8"))).isTrue();
    }

    @Test
    void theTableIsBoundedAndTheOldestGoes() throws Exception {
        fail("192.0.2.1", 3);
        for (int i = 0; i < 99; i++) {
            fail("198.51.100." + i, 3);
        }
        assertThat(attempts.mayTry(address("192.0.2.1"))).isFalse();
        fail("203.0.113.1", 3);

        assertThat(attempts.mayTry(address("192.0.2.1"))).isFalse();
        assertThat(attempts.mayTry(address("198.51.100.0"))).isTrue();
    }

    @Test
    void whoIsNotLookedAtIsCounted() throws Exception {
        fail("192.0.2.1", 3);

        attempts.mayTry(address("192.0.2.1"));
        attempts.mayTry(address("192.0.2.2"));

        assertThat(failures.counts()).containsEntry(FailureReason.ADDRESS, 1L).hasSize(FailureReason.values().length);
    }
}
