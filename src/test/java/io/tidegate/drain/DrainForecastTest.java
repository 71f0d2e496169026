package io.tidegate.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.Census;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.LedgerTotals;
import io.tidegate.ledger.Transport;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model behind {@code stop --dry-run}. */
class DrainForecastTest {

    @ParameterizedTest
    @CsvSource({
        // open, stuck, likely, longest
        "0, 0, 5300, 25300",
        "5000, 0, 5800, 25300",
        "5000, 1, 25300, 25300",
        "1000000, 0, 25300, 25300",
    })
    void addsUpWhatIsWaitedFor(int open, int stuck, long likely, long longest) {
        var settings = new DrainSettings(
                Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(35), 1000);

        var tcp = new Census.Group(Transport.TCP, ConnectionStatus.State.OPEN);
        var census = new Census(
                Map.of(tcp, (long) open), 0, stuck, stuck, Duration.ofSeconds(stuck), 0, 0, 0, LedgerTotals.NONE);

        DrainForecast forecast = DrainForecast.of(settings, census, 7);

        assertThat(forecast.announce()).hasSeconds(5);
        assertThat(forecast.likely().toMillis()).isEqualTo(likely);
        assertThat(forecast.longest().toMillis()).isEqualTo(longest);
        assertThat(forecast.connections()).isEqualTo(open);
        assertThat(forecast.lagging()).isEqualTo(7);
    }
}
