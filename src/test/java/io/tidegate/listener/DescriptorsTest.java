package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {

    @Test
    void aReserveIsLeftToTheStoreAndTheProgram() {
        assertThat(Descriptors.forConnections(20_000)).isEqualTo(20_000 - 1024);
    }

    @Test
    void halfOfALowLimitIsLeft() {
        assertThat(Descriptors.forConnections(1024)).isEqualTo(512);
        assertThat(Descriptors.forConnections(256)).isEqualTo(128);
    }

    @Test
    void noLimitIsStillABound() {
        assertThat(Descriptors.forConnections(Long.MAX_VALUE)).isEqualTo(1_000_000);
    }

    @Test
    void oneIsFreeInAnOrdinaryProcess() {
        assertThat(Descriptors.isOneFree()).isTrue();
        assertThat(Descriptors.forConnections()).isPositive();
    }
}
