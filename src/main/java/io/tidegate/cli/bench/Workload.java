package io.tidegate.cli.bench;

/**
 * What a run asks of the server.
 *
 * @param followers connections that follow the documents, each one of the selections, in turn; with none it is publishing
 *     alone that is measured
 * @param unchanging more of them, of documents that nobody publishes
 * @param transport how they are connected
 * @param put how updates are put
 * @param publishers connections that the updates are put through in turn
 * @param valueBytes size of each value; at least {@link Mark#MIN_VALUE_BYTES}
 * @param warmupNanos how long it runs before it is measured
 * @param stall followers that stop reading in the middle of the measurement
 */
record Workload(
        int followers,
        int unchanging,
        Transport.Kind transport,
        Put.Kind put,
        int publishers,
        int valueBytes,
        Documents documents,
        Load load,
        Length length,
        long warmupNanos,
        Stall stall) {

    /** Followers that read all the time. */
    int readers() {
        return followers - stall.laggards();
    }

    /**
     * Some followers stop reading for a while: in the middle of the measured time, and then come back.
     *
     * @param laggards how many; fewer than there are followers
     */
    record Stall(int laggards, long nanos) {

        static final Stall NONE = new Stall(0, 0);

        boolean isNone() {
            return laggards == 0;
        }
    }

    /** What decides when the next update is published. */
    sealed interface Load {

        /** Most updates that are on their way together. */
        default int window() {
            return Integer.MAX_VALUE;
        }

        /** Most updates that a publisher sends before all of them are answered. */
        default int pipeline() {
            return Integer.MAX_VALUE;
        }
    }

    /**
     * Closed loop: an update is published when there is room for it.
     *
     * @param window updates that are published and that the slowest follower has not received
     */
    record ClosedLoop(int window) implements Load {
        @Override
        public String toString() {
            return "window " + window;
        }
    }

    /**
     * Closed loop of each publisher: it sends so many updates at once, and as many again when all of them are answered.
     *
     * @param pipeline updates of each publisher
     */
    record Pipelines(int pipeline) implements Load {
        @Override
        public String toString() {
            return "pipeline " + pipeline;
        }
    }

    /**
     * Open loop: updates are published at fixed times, however far the server is.
     *
     * @param perSecond updates a second through all publishers together
     */
    record OpenLoop(double perSecond) implements Load {
        @Override
        public String toString() {
            return Figures.number(perSecond) + (perSecond == 1 ? " update/s" : " updates/s");
        }
    }

    /** When the measurement ends. */
    sealed interface Length {}

    /** After a time; what was published by then is still waited for. */
    record Time(long nanos) implements Length {}

    /** When a number of updates has arrived everywhere. */
    record Count(long updates) implements Length {}
}
