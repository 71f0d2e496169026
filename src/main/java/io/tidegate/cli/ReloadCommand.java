package io.tidegate.cli;

import io.tidegate.document.JsonText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate reload}. */
@Command(
        name = "reload",
        description = {
            "Have a server read certificates, tokens, keys and settings anew, at once.",
            "",
            "It looks at files by itself every tidegate.reload.interval, but for settings; this says what comes of it.",
            "Connections go on.",
            ""
        },
        footer = {"", "Exit code: 0, or 1 if something was refused: the server goes on with what it had."})
final class ReloadCommand implements Callable<Integer> {

    private static final String REFUSED = "refused";

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerChoice choice;

    @Option(names = "--json", description = "Print a JSON object for each of them, one a line.")
    private boolean json;

    @Override
    public Integer call() throws CommandEnd {
        List<Map<String, Object>> outcomes;
        try (ServerControl server = choice.open()) {
            outcomes = server.reload();
        }
        Output output = tidegate.streams().output();
        for (Map<String, Object> outcome : outcomes) {
            output.line(json ? JsonText.of(outcome) : line(outcome));
        }
        if (outcomes.isEmpty()) {
            tidegate.streams().notice("the server has no certificates, and nothing else that could be read anew");
        }
        return outcomes.stream().anyMatch(each -> REFUSED.equals(each.get("result"))) ? ExitCode.FAILED : ExitCode.OK;
    }

    private static String line(Map<String, Object> outcome) {
        String line = String.valueOf(outcome.get("line"));
        return outcome.get("what") + ": " + outcome.get("result") + (line.isEmpty() ? "" : ": " + line);
    }
}
