package io.tidegate.admin;

import io.tidegate.document.Addresses;
import io.tidegate.drain.DrainForecast;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.LedgerEntry;
import io.tidegate.ledger.Sent;
import io.tidegate.ledger.Transport;
import io.tidegate.reload.Reloader;
import io.tidegate.shared.Node;
import io.tidegate.shared.NodeStatus;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators are shown, by name: the same over JMX, on the admin listener and on the command line. A row has the names that
 * the getters of its type for JMX have, in the order in which people read them.
 */
final class Rows {

    private Rows() {}

    static Map<String, Object> of(ConnectionStatus open) {
        Map<String, Object> row =
                row(open.id(), open.peer(), open.listener(), open.transport(), open.identity(), open.openedAt());
        row.put(
                "ageMillis",
                Math.max(0, Duration.between(open.openedAt(), Instant.now()).toMillis()));
        row.put("state", open.state().name());
        row.put("follows", open.following().follows());
        row.put("progress", open.following().progress().code());
        row.put("seq", open.following().seq());
        row.put("lag", open.following().lag());
        add(open.sent(), row);
        row.put("stuckMillis", open.stuck().toMillis());
        row.put("userAgent", open.userAgent());
        return row;
    }

    static Map<String, Object> of(LedgerEntry entry) {
        Map<String, Object> row =
                row(entry.id(), entry.peer(), entry.listener(), entry.transport(), entry.identity(), entry.openedAt());
        row.put("endedAt", shown(entry.endedAt()));
        row.put("outcome", entry.ending().outcome().code());
        row.put("reason", entry.ending().reason().code());
        add(entry.ending().sent(), row);
        return row;
    }

    static Map<String, Object> of(DrainForecast forecast) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("connections", forecast.connections());
        row.put("lagging", forecast.lagging());
        row.put("stuck", forecast.stuck());
        row.put("announceMillis", forecast.announce().toMillis());
        row.put("likelyMillis", forecast.likely().toMillis());
        row.put("longestMillis", forecast.longest().toMillis());
        return row;
    }

    static Map<String, Object> of(NodeStatus status) {
        Node node = status.node();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", node.name());
        row.put("this", status.isThis());
        row.put("state", state(node));
        row.put("version", node.version());
        row.put("head", node.head());
        row.put("lag", status.lag());
        row.put("offset", node.offset());
        row.put("tcp", text(node.tcp()));
        row.put("http", text(node.http()));
        row.put("admin", text(node.admin()));
        Duration age = status.age();
        row.put("ageMillis", age == null ? -1 : age.toMillis());
        return row;
    }

    private static String state(Node node) {
        if (node.isLeaving()) {
            return "leaving";
        }
        return node.isReady() ? "ready" : "behind";
    }

    private static String text(@Nullable String address) {
        return address == null ? "" : address;
    }

    static Map<String, Object> of(Reloader.Outcome outcome) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", outcome.what());
        row.put("result", outcome.reload().result().code());
        row.put("line", outcome.reload().line());
        return row;
    }

    private static Map<String, Object> row(
            long id, InetSocketAddress peer, String listener, Transport transport, String identity, Instant openedAt) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("peer", Addresses.shown(peer));
        row.put("listener", listener);
        row.put("transport", transport.code());
        row.put("identity", identity);
        row.put("openedAt", shown(openedAt));
        return row;
    }

    private static void add(Sent sent, Map<String, Object> row) {
        row.put("bytesSent", sent.bytes());
        row.put("bytesUnsent", sent.bytesUnsent());
        row.put("updatesSent", sent.updates());
        row.put("lastSeq", sent.lastSeq());
    }

    /** The clock may tell nanoseconds, which nobody can use. */
    private static String shown(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /**
     * A row as JMX wants it.
     *
     * @param type has a getter for each name
     */
    static <T> T view(Class<T> type, Map<String, Object> row) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            String getter = method.getName();
            return getter.startsWith("get")
                    ? row.get(getter.substring(3, 4).toLowerCase(Locale.ROOT) + getter.substring(4))
                    : method.invoke(row, args);
        }));
    }
}
