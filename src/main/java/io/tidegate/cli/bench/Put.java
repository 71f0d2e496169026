package io.tidegate.cli.bench;

import io.tidegate.document.Collection;
import java.util.Locale;

/** The request with which a publisher puts a value, and the answer to it. One serves all publishers of a run. */
sealed interface Put permits PutLine, PutRequest {

    /** Which there are. */
    enum Kind {
        LINE,
        PUT;

        /**
         * The requests of a run.
         *
         * @param server {@code host:port}, as HTTP wants to have it repeated
         */
        Put of(Collection collection, Mark mark, String server) {
            return this == LINE ? new PutLine(collection, mark) : new PutRequest(collection, mark, server);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    int MAX_KEYS = 100_000_000;
    int KEY_DIGITS = 8;

    int length();

    void write(byte[] bytes, int offset, long keyNumber, int publisher, long number, long nanos);

    /** The offset behind the first answer between two offsets; -1 if not all of it is there. */
    int answerEnd(byte[] bytes, int from, int to);

    /** The number that an update got by its answer, which is between two offsets. */
    long seq(byte[] bytes, int from, int to) throws BenchFailure;
}
