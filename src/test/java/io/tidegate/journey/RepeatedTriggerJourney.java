package io.tidegate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Timing;
import io.tidegate.server.LineClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Triggers that come early or twice: the first is heeded as soon as the server listens; of those that come in a drain that a
 * client holds up, a second SIGINT forces the end, and all others change nothing.
 */
class RepeatedTriggerJourney {

    private static final int DOCUMENTS = 1000;
    private static final int DOCUMENT_BYTES = 10_000;

    /** Fits the usual limit of 1,024 descriptors, of which the server leaves half to others. */
    private static final int IDLE_FOLLOWERS = 400;

    private final History history = new History();

    @TempDir
    Path directory;

    private ServerCommand command;

    @BeforeEach
    void chooseTheDirectory() {
        command = ServerCommand.in(directory.resolve("data")).withoutHeartbeats();
    }

    /** A server that a never-reader keeps from ending. */
    private final class HeldUp implements Closeable {

        private final ServerProcess server;
        private final NeverReader neverReader;
        private final Follower follower;

        HeldUp(ServerCommand command) throws Exception {
            server = command.start();
            var address = server.awaitAddress();
            Publisher.publishAll("filler", history, Change.filling("bulk", DOCUMENT_BYTES), DOCUMENTS, 64, address);
            neverReader = new NeverReader(address);
            follower =
                    Follower.of("follower", history, "follow").connect(address).awaitSubscribed();
        }

        /** Returns when only the never-reader is left. */
        long stop(Trigger.Kind kind) throws Exception {
            long triggered = server.stop(kind);
            follower.requireComplete("shutdown", history.head());
            return triggered;
        }

        @Override
        public void close() throws IOException {
            neverReader.close();
            follower.close();
            server.close();
        }
    }

    @Test
    void signalIsHeededFromTheMomentTheServerListens() throws Exception {
        for (Trigger.Kind kind : List.of(Trigger.Kind.SIGTERM, Trigger.Kind.SIGINT)) {
            try (ServerProcess server = command.start();
                    Trigger trigger = server.trigger(kind)) {
                server.awaitAddress();

                trigger.pull();

                assertThat(server.awaitExit().code())
                        .as("exit code after %s of %s", kind, server)
                        .isZero();
            }
        }
    }

    @Test
    void signalAtAnyMomentOfTheStartEndsTheServerInOrder() throws Exception {
        for (int moment = 0; moment < 6; moment++) {
            try (ServerProcess server = command.start();
                    Trigger trigger = server.trigger(Trigger.Kind.SIGTERM)) {
                server.awaitAge(Duration.ofMillis(100L + 250L * moment));

                trigger.pull();

                int code = server.awaitExit().code();
                boolean drained = server.log().stream().anyMatch(line -> line.contains("Drained in"));
                // Before the program runs, the signal ends the JVM; from then on it is heeded when the server is there.
                assertThat(code).as("exit code of %s", server).isEqualTo(drained ? 0 : 143);
                server.requireNothingToLookAt();
            }
        }
        try (ServerProcess server = command.start()) {
            server.awaitAddress();
            server.stop(Trigger.Kind.SIGTERM);
            assertThat(server.awaitExit().code()).isZero();
        }
    }

    @Test
    void twoTriggersAtOnceAreOneDrain() throws Exception {
        try (ServerProcess server = command.start()) {
            var address = server.awaitAddress();
            try (var follower = Follower.of("follower", history, "follow").connect(address);
                    Trigger signal = server.trigger(Trigger.Kind.SIGTERM);
                    Trigger operation = server.trigger(Trigger.Kind.JMX)) {
                follower.awaitSubscribed();
                var pulled = Background.start("signal", signal::pull);

                operation.pull();

                Background.await(pulled, "the signal");
                follower.requireComplete("shutdown", history.head());
                assertThat(server.awaitExit().code())
                        .as("exit code of %s", server)
                        .isZero();
                assertThat(server.log())
                        .filteredOn(line -> line.contains("Stopping: "))
                        .hasSize(1);
                assertThat(server.log())
                        .filteredOn(line -> line.contains("Drained in"))
                        .hasSize(1);
                server.requireNothingToLookAt();
            }
        }
    }

    @Test
    void drainOfManyHasNoLineForEach() throws Exception {
        List<LineClient> followers = new ArrayList<>();
        try (ServerProcess server = command.start()) {
            var address = server.awaitAddress();
            for (int i = 0; i < IDLE_FOLLOWERS; i++) {
                followers.add(new LineClient(address).send("updates"));
            }
            for (LineClient follower : followers) {
                assertThat(follower.lines(2).get(0)).contains("subscribed");
            }

            server.stop(Trigger.Kind.SIGTERM);

            for (LineClient follower : followers) {
                assertThat(follower.rest()).singleElement().asString().contains("goodbye");
                follower.close();
            }
            assertThat(server.awaitExit().code()).as("exit code of %s", server).isZero();
            assertThat(server.log()).hasSizeLessThan(20);
            server.requireNothingToLookAt();
        } finally {
            for (LineClient follower : followers) {
                follower.close();
            }
        }
    }

    @Test
    void secondInterruptForcesTheEnd() throws Exception {
        try (var held = new HeldUp(command.with("drain.timeout", "60 s"))) {
            held.stop(Trigger.Kind.SIGINT);

            long forced = held.server.stop(Trigger.Kind.SIGINT);

            ServerProcess.Exit exit = held.server.awaitExit();
            assertThat(exit.code()).as("exit code of %s", held.server).isEqualTo(130);
            long goneAfter = (exit.atNanos() - forced) / 1_000_000;
            System.out.printf(Locale.ROOT, "forced: gone after %d ms%n", goneAfter);
            Timing.onQuietMachine(
                    () -> assertThat(goneAfter).as("milliseconds until gone").isLessThan(1000));
            held.neverReader.requireReset();
            held.server.requireNothingToLookAt("Forced by SIGINT");
        }
    }

    @Test
    void otherRepeatedTriggersChangeNothing() throws Exception {
        try (var held = new HeldUp(command.with("drain.timeout", "3 s"))) {
            long triggered = held.stop(Trigger.Kind.SIGTERM);

            held.server.stop(Trigger.Kind.SIGTERM);
            held.server.stop(Trigger.Kind.SIGINT);

            ServerProcess.Exit exit = held.server.awaitExit();
            assertThat(exit.code()).as("exit code of %s", held.server).isEqualTo(3);
            assertThat((exit.atNanos() - triggered) / 1_000_000)
                    .as("milliseconds until gone")
                    .isGreaterThanOrEqualTo(3000);
            held.neverReader.requireReset();
            held.server.requireNothingToLookAt("Drain deadline reached");
        }
    }
}
