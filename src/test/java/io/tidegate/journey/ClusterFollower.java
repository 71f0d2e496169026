package io.tidegate.journey;

import io.tidegate.client.LineClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows all updates, hops from node to node, and goes on where it was. Its figures are for who has awaited its end. */
final class ClusterFollower extends ClusterClient {

    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([a-z0-9]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    /** So that it looks at its clock. */
    private static final int QUIET_MILLIS = 300;

    private final ClusterHistory history;
    private String epoch = "";
    private long first;
    private volatile long seq;
    private volatile long last = Long.MAX_VALUE;

    private int hops;
    private String wrong = "";

    ClusterFollower(String name, List<ClusterNode> nodes, ClusterHistory history, Random random) {
        super(name, nodes, random);
        this.history = history;
    }

    /** It ends when it has seen that one. */
    void endAt(long seq) {
        last = seq;
        stop();
    }

    @Override
    boolean isOver() {
        return (isStopping() && seq >= last) || !wrong.isEmpty();
    }

    @Override
    void visit(ClusterNode node) throws IOException, InterruptedException {
        long until = System.nanoTime() + (200 + random.nextInt(2_500)) * 1_000_000L;
        try (LineClient client = open(node, QUIET_MILLIS)) {
            client.send(epoch.isEmpty() ? "updates" : "updates after " + epoch + ":" + seq);
            hops++;
            boolean goesOn = true;
            while (goesOn && !isOver() && (isStopping() || System.nanoTime() - until < 0)) {
                try {
                    goesOn = take(line(client.lines()));
                } catch (SocketTimeoutException e) {
                    // Nothing new.
                }
            }
        }
    }

    private boolean take(String line) {
        if (line.contains("\"event\":\"subscribed\"")) {
            if (epoch.isEmpty()) {
                Matcher matcher = EPOCH.matcher(line);
                epoch = matcher.find() ? matcher.group(1) : "";
                first = number(SEQ, line);
                seq = first;
            }
        } else if (line.contains("\"event\":\"resync\"")) {
            wrong = "at " + seq + ": " + line;
        } else if (line.contains("\"event\":\"put\"")) {
            long next = number(SEQ, line);
            if (next != seq + 1) {
                wrong = next + " after " + seq;
            }
            seq = next;
            Matcher matcher = ID.matcher(line);
            if (!(matcher.find() ? history.saw(next, matcher.group(1)) : history.sawAnother(next, line))) {
                wrong = "what others saw otherwise: " + line;
            }
        }
        return !line.contains("\"event\":\"goodbye\"") && !line.contains("\"event\":\"error\"");
    }

    /** It has seen each number behind its first one, and of each what all others have. */
    void requireTrue() {
        if (!wrong.isEmpty()) {
            throw new AssertionError("a follower saw " + wrong);
        }
    }

    /** Behind which it has seen all. */
    long first() {
        return first;
    }

    int hops() {
        return hops;
    }
}
