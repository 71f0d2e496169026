package io.tidegate.server;

import io.tidegate.connection.Elsewhere;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainReport;
import io.tidegate.drain.DrainStatus;
import io.tidegate.drain.DrainWatcher;
import io.tidegate.drain.ShutdownOrder;
import io.tidegate.ledger.Transport;
import io.tidegate.shared.Node;
import io.tidegate.shared.NodeStatus;
import io.tidegate.shared.SharedOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the feed that this server is one of: what they are told of it, and where its clients go on when it sends them away.
 *
 * <p>Thread-safe.
 */
final class Neighbours implements Elsewhere, DrainWatcher {

    /** More than a client tries. */
    static final int MOST = 8;

    /** A client elsewhere would come to its own machine, and show its token to whoever listens there. */
    private static final Pattern LOOPBACK = Pattern.compile("^(?:\\w+://)?(?:127\\.|localhost(?::|$)|\\[::1])");

    private final OwnNode own;
    private final @Nullable SharedOrder order;
    private final LongSupplier head;
    private final AtomicLong asked = new AtomicLong();
    private volatile boolean isLeaving;

    /** Whoever comes back finds the one that takes this server's place. */
    private volatile boolean isTakenOver;

    /**
     * Nodes that share an order.
     *
     * @param order null if this server decides alone: then it is the only one
     * @param head sequence number of what this server has shown last
     */
    Neighbours(OwnNode own, @Nullable SharedOrder order, LongSupplier head) {
        this.own = own;
        this.order = order;
        this.head = head;
    }

    /** Clients are served from now on, and the others are told. */
    void begin() {
        if (order != null) {
            order.announce(own.node(), head);
        }
    }

    /** Who is open for clients; this server as well, as long as it does not end, so that an operator can spread clients anew. */
    @Override
    public List<String> addresses(Transport transport, boolean isLocal) {
        if (order == null || isTakenOver) {
            return List.of();
        }
        List<String> all = addresses(order.nodes(), transport, isLocal);
        boolean isAlone = all.isEmpty() || (!isLeaving && all.size() == 1);
        return isAlone ? List.of() : turned(all, asked.getAndIncrement());
    }

    static List<String> addresses(List<Node> nodes, Transport transport, boolean isLocal) {
        return nodes.stream()
                .filter(Node::isOpen)
                .flatMap(node -> address(node, transport))
                .filter(address -> isLocal || !LOOPBACK.matcher(address).find())
                .toList();
    }

    private static Stream<String> address(Node node, Transport transport) {
        return switch (transport) {
            case TCP -> Stream.ofNullable(node.tcp());
            case LINES, SSE -> Stream.ofNullable(node.http());
            case WEB_SOCKET -> Stream.ofNullable(node.http()).map(url -> "ws" + url.substring("http".length()));
            case PROXY, TLS, HTTP -> Stream.empty();
        };
    }

    /** Each order in its turn: as many clients have one first as another, and of these as many have one second as another. */
    static List<String> turned(List<String> all, long turn) {
        List<String> left = new ArrayList<>(all);
        List<String> turned = new ArrayList<>();
        long rest = turn;
        while (!left.isEmpty() && turned.size() < MOST) {
            int size = left.size();
            turned.add(left.remove((int) (rest % size)));
            rest /= size;
        }
        return turned;
    }

    /** All nodes, this one first. */
    CompletionStage<List<NodeStatus>> statuses(Executor reading) {
        return order == null
                ? CompletableFuture.supplyAsync(this::alone, reading)
                : CompletableFuture.completedFuture(order.statuses());
    }

    private List<NodeStatus> alone() {
        Node node = own.node().at(head.getAsLong(), 0).standing(isLeaving, true);
        return List.of(new NodeStatus(node, true, 0, null));
    }

    @Override
    public void phaseChanged(DrainStatus status) {
        isLeaving = status.phase() != DrainPhase.RUNNING;
        isTakenOver = isLeaving && status.reason().equals(ShutdownOrder.TAKEOVER);
        if (order != null) {
            order.leave(isLeaving);
        }
    }

    @Override
    public void progressed(DrainStatus status) {
        // The others need not know.
    }

    @Override
    public void reported(DrainReport report) {
        // Nor that.
    }
}
