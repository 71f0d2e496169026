package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressLimitsTest {

    private static final InetAddress HERE = Network.address("203.0.113.7");
    private static final InetAddress THERE = Network.address("203.0.113.8");

    private final AddressLimits limits =
            new AddressLimits(new AddressLimits.Settings(3, 2, List.of(Network.parse("10.0.0.0/8"))));
    private long now = 1;

    private boolean isAdmitted(InetAddress address) {
        return limits.admit(address, now) == null;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void anAddressHasSoManyConnectionsAndNoMore() {
        for (int i = 0; i < 3; i++) {
            assertThat(isAdmitted(HERE)).isTrue();
        }
        pass(Duration.ofSeconds(10));

        assertThat(limits.admit(HERE, now)).contains("3 connections", "max-connections-per-address");
        assertThat(isAdmitted(THERE)).isTrue();
        assertThat(limits.refused()).isEqualTo(1);
    }

    @Test
    void otherLimitsCountWhatThereIs() {
        for (int i = 0; i < 3; i++) {
            assertThat(isAdmitted(HERE)).isTrue();
        }
        limits.limit(new AddressLimits.Settings(4, 2, List.of()), now);

        assertThat(isAdmitted(HERE)).isTrue();
        assertThat(isAdmitted(HERE)).isFalse();
        assertThat(isAdmitted(Network.address("10.1.2.3"))).as("of a proxy").isTrue();

        limits.limit(new AddressLimits.Settings(3, 2, List.of()), now);
        limits.left(HERE);

        assertThat(limits.admit(HERE, now)).contains("3 connections");
    }

    @Test
    void whoLeavesMakesRoom() {
        for (int i = 0; i < 3; i++) {
            assertThat(isAdmitted(HERE)).isTrue();
        }
        pass(Duration.ofSeconds(10));
        limits.left(HERE);

        assertThat(isAdmitted(HERE)).isTrue();
        assertThat(isAdmitted(HERE)).isFalse();
    }

    @Test
    void newConnectionsComeNoFasterThanIsAllowed() {
        for (int i = 0; i < 4; i++) {
            assertThat(isAdmitted(HERE)).isTrue();
            limits.left(HERE);
        }
        assertThat(limits.admit(HERE, now)).contains("too fast", "connects-per-address");

        pass(Duration.ofMillis(500).minusNanos(1));
        assertThat(isAdmitted(HERE)).isFalse();
        pass(Duration.ofNanos(2));
        assertThat(isAdmitted(HERE)).isTrue();
        assertThat(isAdmitted(HERE)).isFalse();
    }

    @Test
    void addressesOfOneCustomerCountAsOne() {
        for (int i = 0; i < 3; i++) {
            assertThat(isAdmitted(Network.address("2001:db8::" + i))).isTrue();
        }

        assertThat(isAdmitted(Network.address("2001:db8::ffff"))).isFalse();
        assertThat(isAdmitted(Network.address("2001:db8:0:1::1"))).isTrue();
    }

    @Test
    void thisMachineAndTrustedProxiesAreNotLimited() {
        for (int i = 0; i < 100; i++) {
            assertThat(isAdmitted(InetAddress.getLoopbackAddress())).isTrue();
            assertThat(isAdmitted(Network.address("10.1.2.3"))).isTrue();
        }
        assertThat(limits.size()).isZero();
    }

    @Test
    void whoMayDoEverythingAgainIsForgotten() {
        assertThat(isAdmitted(HERE)).isTrue();
        assertThat(isAdmitted(THERE)).isTrue();
        limits.left(THERE);
        limits.forget(now);
        assertThat(limits.size()).isEqualTo(2);

        pass(Duration.ofSeconds(5));
        limits.forget(now);

        assertThat(limits.size()).isEqualTo(1);
    }
}
