package io.tidegate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {

    @Test
    void aReserveIsLeftToTheStoreAndTheProgram() {
        assertThat(Descriptors.forConnections(20_000)).isEqualTo(20_000 - 1024);
    }

    @Test
    void twoThirdsOfALowLimitAreLeft() {
        assertThat(Descriptors.forConnections(1024)).isEqualTo(341);
        assertThat(Descriptors.forConnections(1536)).isEqualTo(512);
        assertThat(Descriptors.forConnections(200)).isEqualTo(66);
    }

    @Test
    void whatTheReserveIsForFitsIntoASmallOne() {
        assertThat(Descriptors.share(128, 200)).isEqualTo(12);
        assertThat(Descriptors.share(128, 20_000)).isEqualTo(128);
        assertThat(Descriptors.share(64, 40)).isEqualTo(4);
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
