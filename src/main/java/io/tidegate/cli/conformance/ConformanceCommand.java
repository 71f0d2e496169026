package io.tidegate.cli.conformance;

import io.tidegate.cli.conformance.Subject.Fault;
import io.tidegate.document.Reason;
import io.tidegate.server.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidegate conformance}. */
@Command(
        name = "conformance",
        description = {
            "Try a client: run a program that follows a server behind faults, and say what it does not stand.",
            "What the program has to print is in docs/conformance.md."
        })
public final class ConformanceCommand implements Callable<Integer> {

    private static final int OK = 0;
    private static final int FAILED = 1;

    private static final int MAX_CUTS = 1_000_000;
    private static final int MAX_PATIENCE_SECONDS = 86_400;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--cuts",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many connections are cut (default: ${DEFAULT-VALUE}).")
    private int cuts;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long the program may take to become current (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Do as the run that printed this seed did; otherwise each run is another.")
    private @Nullable Long seed;

    @Option(
            names = "--only",
            paramLabel = "SCENARIO",
            split = ",",
            description = "Of ${COMPLETION-CANDIDATES} only these.")
    private List<Scenario> only = List.of(Scenario.values());

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The program with its arguments, behind a --.")
    private List<String> command = List.of();

    @Override
    public Integer call() throws InterruptedException {
        require("--cuts", cuts, 0, MAX_CUTS);
        require("--patience", patience, 1, MAX_PATIENCE_SECONDS);
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        PrintWriter progress = spec.commandLine().getErr();
        int failed = 0;
        for (Scenario scenario : only) {
            String failure = play(scenario, new Random(chosen));
            failed += failure == null ? 0 : 1;
            progress.println((failure == null ? "ok      " : "FAILED  ") + scenario.title);
            if (failure != null) {
                progress.println("        " + failure);
            }
        }
        if (failed > 0) {
            progress.println("tidegate: the client does not conform: " + failed + " of " + only.size()
                    + " failed (--seed " + chosen + ")");
            return FAILED;
        }
        spec.commandLine().getOut().println("The client conforms (--seed " + chosen + ").");
        return OK;
    }

    private void require(String option, int number, int least, int most) {
        if (number < least || number > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + least + " to " + most + ", not " + number);
        }
    }

    private @Nullable String act(Scenario scenario, Stage stage, Subject subject)
            throws Fault, StartException, IOException, InterruptedException {
        var hook = new Thread(
                () -> {
                    subject.kill();
                    stage.deleteFiles();
                },
                "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            scenario.act(new Scenario.Run(stage, subject, cuts));
            return null;
        } finally {
            over(hook);
        }
    }

    private static void over(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process was told to end just now, and the hook does its work.
        }
    }

    /** Returns why the program does not stand it; null if it does. */
    private @Nullable String play(Scenario scenario, Random random) throws InterruptedException {
        try (var stage = new Stage(random);
                var subject = new Subject(command, stage, Duration.ofSeconds(patience))) {
            return act(scenario, stage, subject);
        } catch (Fault | StartException e) {
            return e.getMessage();
        } catch (IOException e) {
            return "the program cannot be run: " + Reason.of(e);
        }
    }
}
