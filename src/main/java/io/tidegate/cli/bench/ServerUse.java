package io.tidegate.cli.bench;

import java.util.OptionalLong;

/**
 * What a server process has used since it began; what the system does not tell is left out.
 *
 * @param cpuNanos time of all its threads on a CPU, in the kernel too
 * @param writeCalls calls of {@code write} and its relatives, to sockets and files
 * @param writeBytes what they wrote
 * @param residentBytes memory it has now
 */
record ServerUse(OptionalLong cpuNanos, OptionalLong writeCalls, OptionalLong writeBytes, OptionalLong residentBytes) {

    static final ServerUse UNKNOWN =
            new ServerUse(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** What was used since {@code earlier}; the memory is that of now. */
    ServerUse since(ServerUse earlier) {
        return new ServerUse(
                difference(cpuNanos, earlier.cpuNanos),
                difference(writeCalls, earlier.writeCalls),
                difference(writeBytes, earlier.writeBytes),
                residentBytes);
    }

    private static OptionalLong difference(OptionalLong later, OptionalLong earlier) {
        return later.isPresent() && earlier.isPresent()
                ? OptionalLong.of(later.getAsLong() - earlier.getAsLong())
                : OptionalLong.empty();
    }
}
