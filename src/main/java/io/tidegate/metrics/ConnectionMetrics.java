package io.tidegate.metrics;

import io.tidegate.ledger.Census;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Ending;
import io.tidegate.ledger.Transport;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The connections. While their manager does not answer, these families are missing and the others are not. */
final class ConnectionMetrics {

    private final Families families;
    private final Supplier<@Nullable Census> connections;

    ConnectionMetrics(Families families, Supplier<@Nullable Census> connections) {
        this.families = families;
        this.connections = connections;
    }

    /**
     * Registers them.
     *
     * @param refused connections that were refused since the start
     * @param unaccepted clients that were reset with the listeners, while they waited to be accepted
     */
    void register(LongSupplier refused, LongSupplier unaccepted) {
        families.gauge(
                "tidegate_connections",
                "Open connections.",
                List.of("transport", "state"),
                each(ConnectionMetrics::addOpen));
        counter("tidegate_connections_opened_total", "Connections that were served.", Census::opened);
        families.counter(
                "tidegate_connections_refused_total",
                "Connections that were refused at connection.max-connections, or at what one address may have.",
                refused::getAsLong);
        families.counter(
                "tidegate_connections_unaccepted_total",
                "Clients that still waited to be accepted when the listeners closed, and were reset.",
                unaccepted::getAsLong);
        families.counter(
                "tidegate_connections_ended_total",
                "Connections that ended, by outcome.",
                List.of("outcome"),
                each(ConnectionMetrics::addOutcomes));
        families.counter(
                "tidegate_connections_end_reasons_total",
                "The same connections, by reason.",
                List.of("reason"),
                each(ConnectionMetrics::addReasons));
        registerSent();
    }

    private void registerSent() {
        gauge(
                "tidegate_connections_stuck",
                "Open connections whose clients accept no byte although there is data for them.",
                Census::stuck);
        gauge(
                "tidegate_connection_stuck_max_seconds",
                "For how long the most stubborn of these has not; it is aborted at connection.stall-timeout.",
                census -> census.longestStuck().toNanos() / 1e9);
        gauge(
                "tidegate_unsent_bytes",
                "Bytes that are ready for the clients and that the kernel has not taken.",
                Census::bytesUnsent);
        counter("tidegate_sent_bytes_total", "Bytes that the kernel took for all clients.", Census::bytesSent);
        counter(
                "tidegate_sent_updates_total",
                "Updates sent to followers: one that goes to a thousand counts a thousand times.",
                Census::updatesSent);
        counter(
                "tidegate_dropped_bytes_total",
                "Bytes that were ready when their connection ended, and were not sent.",
                census -> census.ended().bytesUnsent());
    }

    private static void addOpen(Census census, Families.Values values) {
        for (var transport : Transport.values()) {
            for (var state : ConnectionStatus.State.values()) {
                var group = new Census.Group(transport, state);
                String shown = state.name().toLowerCase(Locale.ROOT).replace('_', '-');
                values.add(census.open().getOrDefault(group, 0L), transport.code(), shown);
            }
        }
    }

    private static void addOutcomes(Census census, Families.Values values) {
        values.add((double) census.ended().completed(), Ending.Outcome.COMPLETED.code());
        values.add((double) census.ended().aborted(), Ending.Outcome.ABORTED.code());
        values.add((double) census.ended().resetByPeer(), Ending.Outcome.RESET_BY_PEER.code());
        values.add((double) census.ended().left(), Ending.Outcome.LEFT.code());
    }

    private static void addReasons(Census census, Families.Values values) {
        for (var reason : CloseReason.values()) {
            values.add(census.ended().reasons().getOrDefault(reason, 0L), reason.code());
        }
    }

    private void gauge(String name, String help, ToDoubleFunction<Census> value) {
        families.gauge(name, help, List.of(), single(value));
    }

    private void counter(String name, String help, ToDoubleFunction<Census> value) {
        families.counter(name, help, List.of(), single(value));
    }

    private Consumer<Families.Values> single(ToDoubleFunction<Census> value) {
        return each((census, values) -> values.add(value.applyAsDouble(census)));
    }

    private Consumer<Families.Values> each(BiConsumer<Census, Families.Values> add) {
        return values -> {
            Census census = connections.get();
            if (census != null) {
                add.accept(census, values);
            }
        };
    }
}
