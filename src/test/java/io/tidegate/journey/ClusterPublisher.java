package io.tidegate.journey;

import io.tidegate.client.LineClient;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts one document after the other, each change with an id of its own, and sends a change whose outcome is not known again, on any node,
 * until it is. What was certainly not taken it sends again as well, or never: by name.
 */
final class ClusterPublisher extends ClusterClient {

    /** Longer than a node waits for the log. */
    private static final int QUIET_MILLIS = 30_000;

    private static final int DOCUMENTS = 40;

    private final String name;
    private final ClusterHistory history;
    private final boolean givesUp;
    private final int pauseMillis;

    private int number;
    private @Nullable String pending;

    ClusterPublisher(
            String name,
            List<ClusterNode> nodes,
            ClusterHistory history,
            Random random,
            boolean givesUp,
            int pauseMillis) {
        super(name, nodes, random);
        this.name = name;
        this.history = history;
        this.givesUp = givesUp;
        this.pauseMillis = pauseMillis;
    }

    @Override
    boolean isOver() {
        return isStopping() && pending == null;
    }

    @Override
    void visit(ClusterNode node) throws IOException, InterruptedException {
        try (LineClient client = open(node, QUIET_MILLIS)) {
            // Now and then another one, though nothing is wrong.
            for (int i = 0; i < 500 && !isOver(); i++) {
                if (pending == null) {
                    pending = name + "-" + ++number;
                }
                if (!put(client, pending)) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(pauseMillis + 1));
            }
        }
    }

    private boolean put(LineClient client, String id) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        client.send("put p " + name + "." + number % DOCUMENTS + " @id=" + id + " {\"id\":\"" + id + "\"}");
        String answer = line(client.lines());
        if (answer.contains("\"accepted\"")) {
            history.accepted(id, number(SEQ, answer), System.nanoTime() - begun);
            pending = null;
            return true;
        }
        if (answer.contains("\"unavailable\"") && givesUp) {
            history.notTaken(id);
            pending = null;
        } else {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return false;
    }
}
