package io.tidegate.journey;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What ends a server. It is made ready beforehand, so that the moment when it is pulled is the moment that counts. */
interface Trigger extends AutoCloseable {

    /** What to pull. */
    enum Kind {
        SIGTERM,
        SIGINT,
        JMX
    }

    /**
     * Pulls it.
     *
     * @return {@link System#nanoTime} from just before
     */
    long pull() throws Exception;

    @Override
    void close();

    static Trigger ready(Kind kind, long pid) throws Exception {
        return kind == Kind.JMX ? new Operation(pid) : new Signal(kind.name().substring("SIG".length()), pid);
    }

    /** A signal from a shell that waits for one line before it sends it. */
    final class Signal implements Trigger {

        private final Process shell;

        private Signal(String signal, long pid) throws IOException {
            shell = new ProcessBuilder("sh", "-c", "read go && kill -" + signal + " " + pid).start();
        }

        @Override
        public long pull() throws IOException, InterruptedException {
            long pulledAt = System.nanoTime();
            try (var input = shell.getOutputStream()) {
                input.write('\n');
            }
            if (!shell.waitFor(Background.PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || shell.exitValue() != 0) {
                throw new AssertionError("the signal could not be sent");
            }
            return pulledAt;
        }

        @Override
        public void close() {
            shell.destroyForcibly();
        }
    }

    /** The operation {@code shutdown} of the server's bean. */
    final class Operation implements Trigger {

        private final Operator operator;

        private Operation(long pid) throws Exception {
            operator = new Operator(pid);
        }

        @Override
        public long pull() {
            long pulledAt = System.nanoTime();
            operator.shutDown();
            return pulledAt;
        }

        @Override
        public void close() {
            operator.close();
        }
    }
}
