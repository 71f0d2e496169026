package io.tidegate.admin;

import io.tidegate.audit.Audit;
import io.tidegate.audit.Operator;
import io.tidegate.connection.Connections;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The connections behind their JMX bean.
 *
 * <p>It asks the connection manager and touches nothing of it; its answer comes at once, and the wait for it is bounded.
 */
public record ConnectionsBean(Connections connections, Audit audit) implements ConnectionsMXBean {

    @Override
    public long getOpen() {
        return connections.open();
    }

    @Override
    public long getCompleted() {
        return connections.totals().completed();
    }

    @Override
    public long getAborted() {
        return connections.totals().aborted();
    }

    @Override
    public long getResetByPeer() {
        return connections.totals().resetByPeer();
    }

    @Override
    public long getLeft() {
        return connections.totals().left();
    }

    @Override
    public long getBytesSent() {
        return connections.totals().bytesSent();
    }

    @Override
    public long getBytesUnsent() {
        return connections.totals().bytesUnsent();
    }

    @Override
    public long getUpdatesSent() {
        return connections.totals().updatesSent();
    }

    @Override
    public List<OpenConnection> list() {
        return answer(connections.list()).stream()
                .sorted(Comparator.comparingLong(ConnectionStatus::id))
                .map(open -> Rows.view(OpenConnection.class, Rows.of(open)))
                .toList();
    }

    @Override
    public List<EndedConnection> ended(int most) {
        return connections.ended(most).stream()
                .map(entry -> Rows.view(EndedConnection.class, Rows.of(entry)))
                .toList();
    }

    @Override
    public int end(String how, String which) {
        int ended = answer(connections.end(Verb.of(how), Which.parse(which)));
        audit.operated(Operator.JMX, "end-connections", new TreeMap<>(Map.of("how", how, "which", which)));
        return ended;
    }

    /** The question has a timeout of its own. */
    private static <T> T answer(CompletionStage<T> question) {
        try {
            return question.toCompletableFuture().join();
        } catch (CompletionException e) {
            // A JMX client may not know the classes of the cause.
            throw new IllegalStateException("the server does not answer: it may be about to end");
        }
    }
}
