package io.tidegate.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Connections as a server shows them, for people. */
final class ConnectionTables {

    /** What a client says it is may be long, and the table is wide already. */
    private static final int MOST_CLIENT = 40;

    private record Column(String title, Function<Map<String, Object>, String> cell) {

        static Column of(String title, String name) {
            return new Column(title, row -> text(row, name));
        }
    }

    private static final List<Column> OPEN = List.of(
            Column.of("ID", "id"),
            Column.of("PEER", "peer"),
            Column.of("TRANSPORT", "transport"),
            new Column("IDENTITY", row -> cut(text(row, "identity"))),
            Column.of("STATE", "state"),
            new Column("AGE", row -> Age.shown(Duration.ofMillis(number(row, "ageMillis")))),
            new Column("CLIENT", row -> cut(text(row, "userAgent"))),
            Column.of("FOLLOWS", "follows"),
            Column.of("PROGRESS", "progress"),
            Column.of("SEQ", "seq"),
            Column.of("LAG", "lag"),
            Column.of("UPDATES", "updatesSent"),
            Column.of("BYTES", "bytesSent"),
            Column.of("UNSENT", "bytesUnsent"),
            Column.of("STUCK MS", "stuckMillis"));

    private static final List<Column> ENDED = List.of(
            Column.of("ID", "id"),
            Column.of("PEER", "peer"),
            Column.of("TRANSPORT", "transport"),
            new Column("IDENTITY", row -> cut(text(row, "identity"))),
            Column.of("OUTCOME", "outcome"),
            Column.of("REASON", "reason"),
            new Column("ENDED", row -> time(row, "endedAt").toString()),
            new Column("LASTED", row -> Age.shown(Duration.between(time(row, "openedAt"), time(row, "endedAt")))),
            Column.of("UPDATES", "updatesSent"),
            Column.of("LAST SEQ", "lastSeq"),
            Column.of("BYTES", "bytesSent"),
            Column.of("UNSENT", "bytesUnsent"));

    private ConnectionTables() {}

    static Table open(List<Map<String, Object>> connections) {
        return table(OPEN, connections);
    }

    static Table ended(List<Map<String, Object>> connections) {
        return table(ENDED, connections);
    }

    private static Table table(List<Column> columns, List<Map<String, Object>> rows) {
        var table = new Table(columns.stream().map(Column::title).toArray(String[]::new));
        for (Map<String, Object> row : rows) {
            table.row(columns.stream().map(column -> column.cell().apply(row)).toArray());
        }
        return table;
    }

    static long number(Map<String, Object> row, String name) {
        return row.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static Instant time(Map<String, Object> row, String name) {
        return Instant.parse(text(row, name));
    }

    static String text(Map<String, Object> row, String name) {
        Object value = row.get(name);
        return value == null || value.equals("") ? "-" : value.toString();
    }

    /** It comes from the client: it may be anything. */
    private static String cut(String client) {
        String line = client.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]", "?");
        return line.length() <= MOST_CLIENT ? line : line.substring(0, MOST_CLIENT - 1) + "…";
    }
}
