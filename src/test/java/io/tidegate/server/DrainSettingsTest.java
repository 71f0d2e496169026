package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.drain.DrainSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of the drain: what follows from what was given, and what cannot be. */
class DrainSettingsTest {

    private static DrainSettings drain(String told) throws StartException {
        return ServerSettings.from(ServerConfig.complete(ConfigFactory.parseString("tidegate.drain { " + told + " }")))
                .drain();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                      |  0 |  0 |   20000 |  30000",
                "announce = 5 s                          |  5 |  0 |   20000 |  35000",
                "spread = 30 s                           |  0 | 30 |   50000 |  60000",
                "timeout = 90 s                          |  0 |  0 |   90000 | 100000",
                "total = 30 s                            |  0 |  0 |   20000 |  30000",
                "total = 90 s, announce = 5 s            |  5 |  0 |   75000 |  90000",
                "total = 9 s                             |  0 |  0 |    6000 |   9000",
                "total = 10 s                            |  0 |  0 |    6667 |  10000",
                "total = 4 s, announce = 500 ms          |  0 |  0 |     500 |   4000",
                "total = 60 s, timeout = 20 s            |  0 |  0 |   20000 |  60000",
                "total = 35 s, timeout = 20 s, announce = 5 s, spread = 10 s | 5 | 10 | 20000 | 35000",
            })
    void whatIsNotGivenFollows(String told, int announce, int spread, int timeoutMillis, int totalMillis)
            throws Exception {
        DrainSettings drain = drain(told);

        assertThat(drain.announce().toSeconds()).isEqualTo(announce);
        assertThat(drain.spread().toSeconds()).isEqualTo(spread);
        assertThat(drain.timeout().toMillis()).isEqualTo(timeoutMillis);
        assertThat(drain.total().toMillis()).isEqualTo(totalMillis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "announce = 5 s, timeout = 20 s, total = 30 s"
                        + " | tidegate.drain.total = 30 s: allowed is at least 35 s = announce 5 s + timeout 20 s"
                        + " + 10 s to close and terminate",
                "timeout = 2 s, total = 4 s"
                        + " | tidegate.drain.total = 4 s: allowed is at least 5 s = announce 0 s + timeout 2 s"
                        + " + 3 s to close and terminate",
                "announce = 7 s, total = 12 s, spread = 1 s"
                        + " | tidegate.drain.total = 12 s: it leaves 1 s for the connections"
                        + " = total 12 s - announce 7 s - 4 s to close and terminate;"
                        + " allowed is what leaves 100 ms at least, and more than spread 1 s",
                "total = 3 s"
                        + " | tidegate.drain.total = 3 s: it leaves 0 s for the connections"
                        + " = total 3 s - announce 0 s - 3 s to close and terminate;"
                        + " allowed is what leaves 100 ms at least, and more than spread 0 s",
                "spread = 20 s, timeout = 20 s"
                        + " | tidegate.drain.spread = 20 s: allowed is less than tidegate.drain.timeout = 20 s,"
                        + " or the last clients would be aborted before their turn",
            })
    void whatCannotFitIsRefusedWithTheArithmetic(String told, String message) {
        assertThatThrownBy(() -> drain(told)).isInstanceOf(StartException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "announce = 7 s, timeout = 90 s", "total = 4 s", "total = 9 s, announce = 2 s", "total = 1 h"
            })
    void phaseTimeoutsNeverCutTheDrainShortAndFitTheTotal(String told) throws Exception {
        DrainSettings drain = drain(told);
        Config phases = ConfigFactory.parseMap(drain.phaseTimeouts()).getConfig("akka.coordinated-shutdown.phases");

        Duration sum = Duration.ZERO;
        for (String phase : List.copyOf(phases.root().keySet())) {
            sum = sum.plus(phases.getDuration(phase + ".timeout"));
        }

        assertThat(phases.getDuration("before-service-unbind.timeout")).isGreaterThan(drain.announce());
        // An abort that a connection does not heed takes half a second more.
        assertThat(phases.getDuration("service-requests-done.timeout").minus(drain.timeout()))
                .isGreaterThan(Duration.ofMillis(500));
        assertThat(sum).isLessThanOrEqualTo(drain.total());
    }

    @Test
    void theDefaultTimeoutsOfThePhasesAreAsEver() throws Exception {
        Config phases = ConfigFactory.parseMap(drain("").phaseTimeouts()).getConfig("akka.coordinated-shutdown.phases");

        assertThat(phases.getDuration("service-requests-done.timeout")).isEqualTo(Duration.ofSeconds(22));
        assertThat(phases.getDuration("before-actor-system-terminate.timeout")).isEqualTo(Duration.ofSeconds(3));
    }
}
