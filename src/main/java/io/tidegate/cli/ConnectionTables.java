package io.tidegate.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Connections as a server shows them, for people. */
final class ConnectionTables {

    private ConnectionTables() {}

    static Table open(List<Map<String, Object>> connections) {
        var table = new Table(
                "ID", "PEER", "TRANSPORT", "STATE", "OPENED", "BYTES", "UPDATES", "LAST SEQ", "UNSENT", "STUCK MS");
        for (Map<String, Object> each : connections) {
            table.row(cells(each, new String[] {
                "id",
                "peer",
                "transport",
                "state",
                "openedAt",
                "bytesSent",
                "updatesSent",
                "lastSeq",
                "bytesUnsent",
                "stuckMillis"
            }));
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
                "OPENED",
                "ENDED",
                "BYTES",
                "UPDATES",
                "LAST SEQ",
                "UNSENT");
        for (Map<String, Object> each : connections) {
            table.row(cells(each, new String[] {
                "id",
                "peer",
                "transport",
                "outcome",
                "reason",
                "openedAt",
                "endedAt",
                "bytesSent",
                "updatesSent",
                "lastSeq",
                "bytesUnsent"
            }));
        }
        return table;
    }

    private static Object[] cells(Map<String, Object> fields, String[] names) {
        return Arrays.stream(names).map(fields::get).toArray();
    }
}
