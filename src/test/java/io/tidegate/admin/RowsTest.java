package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.drain.DrainForecast;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Following;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.management.JMException;
import javax.management.StandardMBean;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/** Rows over JMX and as JSON: the same names and the same values. */
class RowsTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Sent SENT = new Sent(9, 8, 7, 6);

    /** What JMX makes of it needs a bean that shows it. */
    public interface ShownMXBean {
        OpenConnection getOpen();

        EndedConnection getEnded();

        StopForecast getForecast();
    }

    private record Shown(OpenConnection open, EndedConnection ended, StopForecast forecast) implements ShownMXBean {

        @Override
        public OpenConnection getOpen() {
            return open;
        }

        @Override
        public EndedConnection getEnded() {
            return ended;
        }

        @Override
        public StopForecast getForecast() {
            return forecast;
        }
    }

    private static void assertSame(StandardMBean bean, String attribute, Map<String, Object> row) throws JMException {
        var data = (CompositeData) bean.getAttribute(attribute);
        assertThat(row.keySet())
                .containsExactlyInAnyOrderElementsOf(data.getCompositeType().keySet());
        assertThat(row).allSatisfy((name, value) -> assertThat(data.get(name)).isEqualTo(value));
    }

    @Test
    void jmxAndJsonShowTheSame() throws Exception {
        var loopback = new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        var peer = new InetSocketAddress(InetAddress.getByAddress(loopback), 4711);
        Map<String, Object> open = Rows.of(new ConnectionStatus(
                17,
                peer,
                "tcp",
                Transport.TCP,
                "desk",
                THEN,
                ConnectionStatus.State.OPEN,
                SENT,
                Following.NOTHING,
                "curl/8",
                Duration.ofMillis(5)));
        Map<String, Object> ended = Rows.of(new LedgerEntry(
                17,
                peer,
                "tcp",
                Transport.TCP,
                "desk",
                THEN,
                THEN,
                new Ending(Ending.Outcome.COMPLETED, CloseReason.QUIT, 3, SENT)));
        Map<String, Object> forecast = Rows.of(
                new DrainForecast(1, 2, 3, Duration.ofMillis(300), Duration.ofMillis(400), Duration.ofMillis(500)));
        var bean = new StandardMBean(
                new Shown(
                        Rows.view(OpenConnection.class, open),
                        Rows.view(EndedConnection.class, ended),
                        Rows.view(StopForecast.class, forecast)),
                ShownMXBean.class,
                true);

        assertSame(bean, "Open", open);
        assertSame(bean, "Ended", ended);
        assertSame(bean, "Forecast", forecast);
        assertThat(open.get("peer")).isEqualTo("[0:0:0:0:0:0:0:1]:4711");
    }
}
