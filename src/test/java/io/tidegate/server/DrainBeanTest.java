package io.tidegate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.admin.ServerMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drain as JMX shows it. */
@Timeout(120)
class DrainBeanTest {

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    Path directory;

    private final BlockingQueue<Notification> notifications = new LinkedBlockingQueue<>();

    private ServerMXBean bean() throws Exception {
        var name = new ObjectName("io.tidegate:type=Server");
        BEANS.addNotificationListener(name, (notification, handback) -> notifications.add(notification), null, null);
        return JMX.newMXBeanProxy(BEANS, name, ServerMXBean.class);
    }

    private Notification next() throws InterruptedException {
        Notification next = notifications.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("notification").isNotNull();
        return next;
    }

    /** The first notification that counts it, behind those of the phases up to there. */
    private Notification awaitStraggler() throws Exception {
        List<String> types = new ArrayList<>();
        Notification last = next();
        while (!last.getType().equals(ServerMXBean.PROGRESS)
                || !last.getMessage().contains("1 straggler,")) {
            types.add(last.getType() + " " + last.getUserData());
            last = next();
        }
        assertThat(types)
                .startsWith(
                        ServerMXBean.PHASE + " announcing",
                        ServerMXBean.PHASE + " unbinding",
                        ServerMXBean.PHASE + " committing",
                        ServerMXBean.PHASE + " connections");
        return last;
    }

    private static void assertWaiting(ServerMXBean bean) {
        assertThat(bean.getState()).isEqualTo("DRAINING");
        assertThat(bean.getDrainPhase()).isEqualTo("connections");
        assertThat(bean.getDrainPhaseNumber()).isEqualTo(4);
        assertThat(bean.getDrainReason()).isEqualTo("JMX");
        assertThat(bean.getConnections()).isEqualTo(1);
        assertThat(bean.getStragglers()).isEqualTo(1);
        assertThat(bean.getDrainMillisLeft()).isBetween(1L, 3_600_000L);
        assertThat(bean.isForced()).isFalse();
    }

    @Test
    void aDrainWithAStragglerIsSeenFromItsBeginningToItsReport() throws Exception {
        Tidegate server = TestServer.start(
                directory, "tidegate.drain.timeout = 1 h", "tidegate.connection.delivered-linger = 1 h");
        ServerMXBean bean = bean();
        assertThat(bean.getDrainLine()).isEqualTo("running: 0 open");
        assertThat(bean.isCancellable()).isFalse();
        try (var straggler = TestServer.client(server)) {
            straggler.send("updates");
            straggler.lines(2);

            bean.shutdown();

            Notification last = awaitStraggler();
            assertThat(last.getMessage()).startsWith("drain 4/6: 1 open, 1 straggler, 3,");
            assertWaiting(bean);
            assertThat(straggler.rest()).singleElement().asString().contains("goodbye");
            straggler.halfClose();
            while (!last.getType().equals(ServerMXBean.REPORT)) {
                last = next();
            }
            assertThat(last.getMessage()).startsWith("Drained in ");
            assertThat(last.getUserData())
                    .asString()
                    .startsWith("{\"reason\":\"JMX\"")
                    .contains("\"completed\":1");
            assertThat(next().getUserData()).isEqualTo("ended");
            server.close();
        }
    }

    @Test
    void aDrainIsForetoldAndCancelledOverJmx() throws Exception {
        try (Tidegate server = TestServer.start(directory, "tidegate.drain { announce = 1 h, timeout = 1 s }")) {
            ServerMXBean bean = bean();
            assertThat(bean.forecast().getConnections()).isZero();
            assertThatThrownBy(bean::cancelShutdown)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not draining");
            bean.shutdown();
            assertThat(bean.isCancellable()).isTrue();
            assertThat(bean.getDrainPhase()).isEqualTo("announcing");

            bean.cancelShutdown();

            assertThat(bean.getState()).isEqualTo("RUNNING");
            assertThat(bean.getDrainReason()).isEmpty();
            assertThat(next().getUserData()).isEqualTo("announcing");
            assertThat(next().getUserData()).isEqualTo("running");
            server.force("test over");
        }
    }
}
