package io.tidegate.cli.bench;

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
        Put of(Documents documents, Mark mark, String server) {
            return this == LINE ? new PutLine(documents, mark) : new PutRequest(documents, mark, server);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    int length();

    void write(byte[] bytes, int offset, long document, int publisher, long number, long nanos);

    /** The offset behind the first answer between two offsets; -1 if not all of it is there. */
    int answerEnd(byte[] bytes, int from, int to);

    /** The number that an update got by its answer, which is between two offsets. */
    long seq(byte[] bytes, int from, int to) throws BenchFailure;
}
