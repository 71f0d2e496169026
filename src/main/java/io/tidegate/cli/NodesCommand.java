package io.tidegate.cli;

import io.tidegate.document.JsonText;
import io.tidegate.document.Visible;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate nodes}. */
@Command(name = "nodes", description = "List the nodes that share a feed, as one of them knows them.")
final class NodesCommand implements Callable<Integer> {

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice server;

    @Option(names = "--json", description = "Print one JSON object a line, with all there is to tell.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        List<Map<String, Object>> nodes;
        try (ServerControl chosen = server.open()) {
            nodes = chosen.nodes();
        }
        Output output = tidegate.streams().output();
        for (String line :
                json ? nodes.stream().map(JsonText::of).toList() : table(nodes).lines()) {
            output.line(line);
        }
        return ExitCode.OK;
    }

    private static Table table(List<Map<String, Object>> nodes) {
        var table = new Table("NAME", "STATE", "VERSION", "HEAD", "LAG", "OFFSET", "TCP", "HTTP", "ADMIN", "TOLD");
        for (Map<String, Object> node : nodes) {
            table.row(
                    text(node, "name"),
                    state(node),
                    text(node, "version"),
                    text(node, "head"),
                    text(node, "lag"),
                    text(node, "offset"),
                    text(node, "tcp"),
                    text(node, "http"),
                    text(node, "admin"),
                    told(ConnectionTables.number(node, "ageMillis")));
        }
        return table;
    }

    private static String text(Map<String, Object> node, String name) {
        return Visible.of(ConnectionTables.text(node, name));
    }

    private static String state(Map<String, Object> node) {
        String state = text(node, "state");
        if (!Boolean.TRUE.equals(node.get("this"))) {
            return state;
        }
        return state.equals("ready") ? "this" : "this, " + state;
    }

    private static String told(long ageMillis) {
        return ageMillis < 0 ? "-" : Age.shown(Duration.ofMillis(ageMillis)) + " ago";
    }
}
