package io.tidegate.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Connections as a server shows them, for people. */
final class ConnectionTables {

    /** What a client says it is may be long, and the table is wide already. */
    private static final int MOST_CLIENT = 40;

    private ConnectionTables() {}

    static Table open(List<Map<String, Object>> connections) {
        var table = new Table(
                "ID",
                "PEER",
                "TRANSPORT",
                "STATE",
                "AGE",
                "CLIENT",
                "FOLLOWS",
                "PROGRESS",
                "SEQ",
                "LAG",
                "UPDATES",
                "BYTES",
                "UNSENT",
                "STUCK MS");
        for (Map<String, Object> each : connections) {
            table.row(
                    text(each, "id"),
                    text(each, "peer"),
                    text(each, "transport"),
                    text(each, "state"),
                    Age.shown(Duration.ofMillis(number(each, "ageMillis"))),
                    cut(text(each, "userAgent")),
                    text(each, "follows"),
                    text(each, "progress"),
                    text(each, "seq"),
                    text(each, "lag"),
                    text(each, "updatesSent"),
                    text(each, "bytesSent"),
                    text(each, "bytesUnsent"),
                    text(each, "stuckMillis"));
        }
        return table;
    }

    static Table ended(List<Map<String, Object>> connections) {
        var table = new Table(
                "ID",
                "PEER",
                "TRANSPORT",
                "OUTCOME",
                "REASON",
                "ENDED",
                "LASTED",
                "UPDATES",
                "LAST SEQ",
                "BYTES",
                "UNSENT");
        for (Map<String, Object> each : connections) {
            Instant ended = Instant.parse(text(each, "endedAt"));
            table.row(
                    text(each, "id"),
                    text(each, "peer"),
                    text(each, "transport"),
                    text(each, "outcome"),
                    text(each, "reason"),
                    ended,
                    Age.shown(Duration.between(Instant.parse(text(each, "openedAt")), ended)),
                    text(each, "updatesSent"),
                    text(each, "lastSeq"),
                    text(each, "bytesSent"),
                    text(each, "bytesUnsent"));
        }
        return table;
    }

    static long number(Map<String, Object> row, String name) {
        return row.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static String text(Map<String, Object> row, String name) {
        Object value = row.get(name);
        return value == null || value.equals("") ? "-" : value.toString();
    }

    /** It comes from the client: it may be anything. */
    private static String cut(String client) {
        String line = client.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]", "?");
        return line.length() <= MOST_CLIENT ? line : line.substring(0, MOST_CLIENT - 1) + "…";
    }
}
