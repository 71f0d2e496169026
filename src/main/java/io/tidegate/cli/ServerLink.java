package io.tidegate.cli;

import io.tidegate.admin.ServerMXBean;
import io.tidegate.ledger.Verb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogManager;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationFilterSupport;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;

/** A connection to the beans of a server on this machine; it stays open while the server drains, up to its end. */
final class ServerLink implements ServerControl {

    private final LocalServer server;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final ObjectName bean;
    private final ObjectName connections;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    ServerLink(LocalServer server, JMXConnector connector) throws IOException, MalformedObjectNameException {
        // JMX would say on the standard error that the server is gone, which is what was asked for. Not by a level,
        // which is
        // forgotten when the process ends, while JMX may still be at it: without anybody who writes.
        LogManager.getLogManager().reset();
        this.server = server;
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
        this.bean = new ObjectName(LocalServer.SERVER);
        this.connections = new ObjectName("io.tidegate:type=Connections");
    }

    @Override
    public String name() {
        return Long.toString(server.pid());
    }

    /** Where its store is. */
    Path store() throws CommandEnd {
        return Path.of(server.reached(() -> String.valueOf(beans.getAttribute(bean, "StoreDirectory"))));
    }

    @Override
    public List<Map<String, Object>> open() throws CommandEnd {
        return rows(invoke(connections, "list"));
    }

    @Override
    public List<Map<String, Object>> ended(int most) throws CommandEnd {
        return rows(invoke(connections, "ended", most));
    }

    private static List<Map<String, Object>> rows(Object result) {
        return Arrays.stream((CompositeData[]) result).map(ServerLink::fields).toList();
    }

    private static Map<String, Object> fields(CompositeData data) {
        Map<String, Object> fields = new TreeMap<>();
        data.getCompositeType().keySet().forEach(name -> fields.put(name, data.get(name)));
        return fields;
    }

    @Override
    public int end(Verb how, String which) throws CommandEnd {
        return (Integer) invoke(connections, "end", how.toString(), which);
    }

    @Override
    public List<Map<String, Object>> nodes() throws CommandEnd {
        return rows(invoke(bean, "nodes"));
    }

    @Override
    public List<Map<String, Object>> reload() throws CommandEnd {
        return rows(invoke(bean, "reload"));
    }

    @Override
    public Map<String, Object> forecast() throws CommandEnd {
        return fields((CompositeData) invoke(bean, "forecast"));
    }

    @Override
    public void shutdown() throws CommandEnd {
        invoke(bean, "shutdown");
    }

    @Override
    public void cancelShutdown() throws CommandEnd {
        invoke(bean, "cancelShutdown");
    }

    private Object invoke(ObjectName name, String operation, Object... arguments) throws CommandEnd {
        String[] signature = Arrays.stream(arguments)
                .map(argument -> argument instanceof Integer ? int.class : argument.getClass())
                .map(Class::getName)
                .toArray(String[]::new);
        return server.reached(() -> beans.invoke(name, operation, arguments, signature));
    }

    @Override
    public Optional<Drain> drain() {
        try {
            int phase = (Integer) beans.getAttribute(bean, "DrainPhaseNumber");
            return Optional.of(new Drain(phase, (String) beans.getAttribute(bean, "DrainLine")));
        } catch (IOException | JMException e) {
            if (hasLeft()) {
                gone.complete(null);
            }
            return Optional.empty();
        }
    }

    private boolean hasLeft() {
        return ProcessHandle.of(server.pid()).map(AdminLink::hasLeft).orElse(true);
    }

    @Override
    public CompletableFuture<Map<String, Object>> report() throws CommandEnd {
        var report = new CompletableFuture<Map<String, Object>>();
        var filter = new NotificationFilterSupport();
        filter.enableType(ServerMXBean.REPORT);
        server.reached(() -> {
            beans.addNotificationListener(
                    bean, (notification, handback) -> report.complete(figures(notification)), filter, null);
            return "";
        });
        return report;
    }

    private static Map<String, Object> figures(Notification notification) {
        Map<String, Object> figures = new LinkedHashMap<>();
        try {
            byte[] json = String.valueOf(notification.getUserData()).getBytes(StandardCharsets.UTF_8);
            if (JsonTree.read(json) instanceof Map<?, ?> fields) {
                fields.forEach((name, value) -> figures.put(String.valueOf(name), value));
            }
        } catch (IOException e) {
            // A server of another version, whose line is still worth showing.
        }
        figures.put("line", notification.getMessage());
        return figures;
    }

    @Override
    public CompletableFuture<?> gone() {
        var unused = ProcessHandle.of(server.pid())
                .map(ProcessHandle::onExit)
                .orElse(CompletableFuture.completedFuture(null))
                .whenComplete((process, failure) -> gone.complete(null));
        return gone;
    }

    @Override
    public String toString() {
        return "process " + server.pid();
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
