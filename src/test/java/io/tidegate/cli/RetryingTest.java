package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.client.BackOff;
import io.tidegate.client.FakeServer;
import io.tidegate.client.LineClient;
import io.tidegate.client.Reconnection;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For how long somebody is connected once more. */
class RetryingTest {

    private final List<String> told = new ArrayList<>();
    private long nanos;
    private int attempts;
    private @Nullable LineClient back;
    private final Retrying retrying = new Retrying(
            new Reconnection(
                    this::refuse,
                    pause -> nanos += pause.toNanos(),
                    new BackOff(RandomGenerator.of("L64X128MixRandom"))),
            Duration.ofSeconds(60),
            () -> nanos,
            told::add);

    private LineClient refuse(@Nullable String node) throws IOException {
        attempts++;
        LineClient client = back;
        if (client != null) {
            return client;
        }
        throw new ConnectException("nobody listens");
    }

    @Test
    void itIsTriedForAsLongAsItsUserIsPatient() throws Exception {
        assertThat(retrying.connect("reset", 5)).isNull();

        assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
        assertThat(attempts).isBetween(8, 25);
        assertThat(told).containsExactly("connection lost (reset): reconnecting");
    }

    @Test
    void theTimeBeginsAnewOnlyWhenSomethingWasLoaded() throws Exception {
        retrying.connect("reset", 5);
        int before = attempts;

        retrying.connect("reset", 5);
        assertThat(attempts).isEqualTo(before);

        retrying.connect("reset", 6);
        assertThat(attempts).isGreaterThan(before);
    }

    @Test
    void aConnectionOverWhichNothingHadToBeLoadedCounts() throws Exception {
        try (var server = FakeServer.with(peer -> {});
                LineClient client = LineClient.open("localhost", server.port())) {
            back = client;
            assertThat(retrying.connect("reset", 0)).isSameAs(client);
            nanos += Duration.ofHours(1).toNanos();

            assertThat(retrying.connect("reset", 0)).isSameAs(client);

            assertThat(told).hasSize(2);
        }
    }

    @Test
    void aServerThatTakesConnectionsAndDropsThemIsAwayAllTheSame() throws Exception {
        try (var server = FakeServer.with(peer -> {});
                LineClient client = LineClient.open("localhost", server.port())) {
            back = client;

            int connections = 0;
            while (connections < 100 && retrying.connect("reset", 0) != null) {
                connections++;
            }

            assertThat(connections).isBetween(8, 25);
        }
    }
}
