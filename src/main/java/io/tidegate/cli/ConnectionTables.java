package io.tidegate.cli;

import javax.management.openmbean.CompositeData;

/** Connections as the server's bean shows them, for people. */
final class ConnectionTables {

    private ConnectionTables() {}

    static Table open(CompositeData[] connections) {
        var table = new Table(
                "ID", "PEER", "TRANSPORT", "STATE", "OPENED", "BYTES", "UPDATES", "LAST SEQ", "UNSENT", "STUCK MS");
        for (CompositeData each : connections) {
            table.row(each.getAll(new String[] {
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

    static Table ended(CompositeData[] connections) {
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
        for (CompositeData each : connections) {
            table.row(each.getAll(new String[] {
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
}
