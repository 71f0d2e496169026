package io.tidegate.cli.conformance;

import io.tidegate.cli.conformance.Subject.Fault;
import io.tidegate.server.StartException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a client has to stand. Each begins with a program that is current, and ends with one that has to become so. */
enum Scenario {
    FOLLOWS("documents first, then each update", (stage, run) -> {
        for (int i = 0; i < 20; i++) {
            stage.change(5);
            run.requireCaughtUp();
        }
    }),
    CUT("connections that are cut at any byte, by FIN or RST", (stage, run) -> {
        int until = stage.cuts() + run.cuts();
        stage.cutWithin(6_000);
        while (stage.cuts() < until) {
            stage.change(3);
            run.requireCaughtUp();
        }
    }),
    STALLED("a network that holds everything back for a while", (stage, run) -> {
        stage.setStalled(true);
        stage.change(50);
        TimeUnit.SECONDS.sleep(Run.AWAY_SECONDS);
    }),
    AWAY("a server that nobody reaches for a while", (stage, run) -> {
        stage.setDown(true);
        stage.change(50);
        TimeUnit.SECONDS.sleep(Run.AWAY_SECONDS);
    }),
    DRAINED("a server that says goodbye, and is back on its store", (stage, run) -> {
        for (int i = 0; i < 3; i++) {
            stage.change(10);
            stage.restart();
            stage.change(10);
            run.requireCaughtUp();
        }
    }),
    BEHIND("more that was missed than the server's log holds", (stage, run) -> {
        stage.setDown(true);
        stage.change(2_000);
    }),
    REPLACED("another store behind the same address, with the same numbers", (stage, run) -> {
        int updates = (int) stage.head().seq();
        stage.replace();
        stage.change(Math.max(updates / 2, 1));
        run.requireCaughtUp();
        stage.change(updates);
    });

    /**
     * A program on its stage.
     *
     * @param cuts how many connections are cut
     */
    record Run(Stage stage, Subject subject, int cuts) {

        /** Longer than a client's first attempts. */
        private static final long AWAY_SECONDS = 2;

        void requireCaughtUp() throws Fault, InterruptedException {
            subject.requireCaughtUp(stage.truth(), stage.head());
        }
    }

    /** What is done. */
    interface Play {
        void act(Stage stage, Run run) throws Fault, StartException, InterruptedException;
    }

    final String title;

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas that capture nothing.
    private final Play play;

    Scenario(String title, Play play) {
        this.title = title;
        this.play = play;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Plays it with a program.
     *
     * @throws Fault if it does not stand it
     */
    void act(Run run) throws Fault, StartException, InterruptedException {
        Stage stage = run.stage();
        stage.change(100);
        run.requireCaughtUp();
        play.act(stage, run);
        stage.heal();
        stage.change(1);
        run.requireCaughtUp();
    }
}
