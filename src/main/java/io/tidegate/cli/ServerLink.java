package io.tidegate.cli;

import io.tidegate.control.ServerMXBean;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.NotificationFilterSupport;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;

/** A connection to a server's bean that stays open while the server drains, up to the end of its process. */
final class ServerLink implements AutoCloseable {

    /** Would say on the standard error that the server is gone, which is what was asked for. Held, or it would be forgotten. */
    private static final Logger JMX_LOG = Logger.getLogger("javax.management.remote");

    private final LocalServer server;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final ObjectName bean;

    ServerLink(LocalServer server, JMXConnector connector, ObjectName bean) throws IOException {
        JMX_LOG.setLevel(Level.OFF);
        this.server = server;
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
        this.bean = bean;
    }

    long pid() {
        return server.pid();
    }

    /** Tells the server to drain and does not wait for it. */
    void shutdown() throws CommandEnd {
        invoke("shutdown");
    }

    /** Makes it run on; the command ends with what the server says if that cannot be. */
    void cancelShutdown() throws CommandEnd {
        invoke("cancelShutdown");
    }

    /** What a stop would take now. */
    CompositeData forecast() throws CommandEnd {
        return (CompositeData) invoke("forecast");
    }

    private Object invoke(String operation) throws CommandEnd {
        return server.reached(() -> beans.invoke(bean, operation, null, null));
    }

    /**
     * How the drain stands.
     *
     * @param phase its number; 0 if the server is not draining (any more)
     */
    record Drain(int phase, String line) {}

    /** Empty if the server can no longer say. */
    Optional<Drain> drain() {
        try {
            int phase = (Integer) beans.getAttribute(bean, "DrainPhaseNumber");
            return Optional.of(new Drain(phase, (String) beans.getAttribute(bean, "DrainLine")));
        } catch (IOException | JMException e) {
            return Optional.empty();
        }
    }

    /** The report of the drain, in one line, when it comes; never if the process is gone before it is sent. */
    CompletableFuture<String> report() throws CommandEnd {
        var report = new CompletableFuture<String>();
        var filter = new NotificationFilterSupport();
        filter.enableType(ServerMXBean.REPORT);
        server.reached(() -> {
            beans.addNotificationListener(
                    bean, (notification, handback) -> report.complete(notification.getMessage()), filter, null);
            return "";
        });
        return report;
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The server is gone, as it was told.
        }
    }
}
