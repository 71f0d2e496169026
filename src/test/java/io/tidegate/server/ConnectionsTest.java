package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Addresses;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many connections at once, and over JMX. */
@Timeout(120)
class ConnectionsTest extends VerbFixture {

    @Test
    void anOrderForNobodySaysSo() {
        assertThat(join(server.connections().end(Verb.SHUTDOWN, new Which.Id(4711))))
                .isZero();
        assertThat(join(server.connections().end(Verb.ABORT, new Which.Listener("none"))))
                .isZero();
    }

    @Test
    void aServerThatHasEndedFailsTheQuestionAndStillHasItsLedger() throws Exception {
        Witness client = follower(0);
        server.force("test");
        server.close();
        client.leave();

        assertThat(server.connections().list().toCompletableFuture()).isCompletedExceptionally();
        assertThat(entries(client)).hasSize(1);
    }

    @Test
    void allOfAListenerAreShutDownWithSlots() throws Exception {
        try (Witness first = follower(0);
                Witness second = follower(0)) {
            assertThat(join(server.connections().end(Verb.SHUTDOWN, new Which.Listener("tcp"))))
                    .isEqualTo(2);

            assertThat(first.readToEnd()).isEqualTo(Witness.End.FIN);
            assertThat(second.readToEnd()).isEqualTo(Witness.End.FIN);
            assertThat(List.of(first.lastLine(), second.lastLine()))
                    .anySatisfy(line -> assertThat(line).contains("\"reconnectAfterMs\":0,"))
                    .anySatisfy(line -> assertThat(line).contains("\"reconnectAfterMs\":1,"));
        }
    }

    @Test
    void jmxListsTheConnectionsAndEndsThem() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.tidegate:type=Connections");
        try (Witness first = follower(0);
                Witness second = follower(0);
                Witness third = follower(0)) {
            assertThat(beans.getAttribute(name, "Open")).isEqualTo(3L);
            CompositeData[] open = (CompositeData[]) beans.invoke(name, "list", new Object[0], new String[0]);
            assertThat(open)
                    .extracting(row -> row.get("peer"))
                    .containsExactly(shown(first), shown(second), shown(third));
            assertThat(open[0].getCompositeType().keySet())
                    .containsExactlyInAnyOrderElementsOf(TestServer.CONNECTION_FIELDS);

            assertThat(end(beans, name, "shutdown", open[0].get("id"))).isEqualTo(1);
            assertThat(first.readToEnd()).isEqualTo(Witness.End.FIN);
            first.leave();
            ended(first);
            assertThat(end(beans, name, "close", open[1].get("id"))).isEqualTo(1);
            assertThat(second.readToEnd()).isEqualTo(Witness.End.FIN);
            second.leave();
            ended(second);
            assertThat(end(beans, name, "abort", 4711)).isEqualTo(0);
            assertThat(end(beans, name, "abort", "remote=" + shown(third))).isEqualTo(1);
            assertThat(third.readToEnd()).isEqualTo(Witness.End.RESET);
            ended(third);

            CompositeData[] ended = (CompositeData[])
                    beans.invoke(name, "ended", new Object[] {10}, new String[] {int.class.getName()});
            assertThat(ended)
                    .extracting(row -> row.get("outcome") + " " + row.get("reason"))
                    .containsExactly("completed shutdown", "completed closed", "aborted aborted");
            assertThat(ended)
                    .extracting(row -> row.get("bytesSent"))
                    .containsExactly(first.bytes(), second.bytes(), third.bytes());
            assertThat(beans.getAttribute(name, "Completed")).isEqualTo(2L);
            assertThat(beans.getAttribute(name, "Aborted")).isEqualTo(1L);
        }
    }

    private static String shown(Witness client) {
        return Addresses.shown(client.address());
    }

    private static Object end(MBeanServer beans, ObjectName name, String how, Object which) throws Exception {
        return beans.invoke(name, "end", new Object[] {how, which.toString()}, new String[] {
            String.class.getName(), String.class.getName()
        });
    }
}
