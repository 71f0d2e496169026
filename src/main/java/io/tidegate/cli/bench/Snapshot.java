package io.tidegate.cli.bench;

/**
 * Where a run is at one time; also the difference of two.
 *
 * @param published updates given to the publishers' sockets
 * @param acknowledged updates that the server accepted
 * @param deliveries updates that arrived, at all followers together
 * @param readerDeliveries those at the followers that never stop reading
 * @param bytes what the followers received
 * @param clientCpuNanos what this process spent
 */
record Snapshot(
        long nanos,
        long published,
        long acknowledged,
        long deliveries,
        long readerDeliveries,
        long bytes,
        long clientCpuNanos,
        ServerUse server) {

    Snapshot since(Snapshot earlier) {
        return new Snapshot(
                nanos - earlier.nanos,
                published - earlier.published,
                acknowledged - earlier.acknowledged,
                deliveries - earlier.deliveries,
                readerDeliveries - earlier.readerDeliveries,
                bytes - earlier.bytes,
                clientCpuNanos - earlier.clientCpuNanos,
                server.since(earlier.server));
    }

    /** How much of {@code count} there was in a second, in the difference of two. */
    long perSecond(long count) {
        return nanos == 0 ? 0 : Math.round(count / RunClock.secondsOf(nanos));
    }
}
