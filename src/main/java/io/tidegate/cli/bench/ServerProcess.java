package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A server's process on this machine, as the system sees it. */
record ServerProcess(long pid) {

    private static final int BYTES_IN_KIB = 1024;
    private static final Pattern NOT_DIGITS = Pattern.compile("\\D+");

    /** What it has used until now. */
    ServerUse use() {
        List<String> io = lines("io");
        return new ServerUse(cpuNanos(), number(io, "syscw:"), number(io, "wchar:"), residentBytes());
    }

    /** Memory that it has now. */
    OptionalLong residentBytes() {
        OptionalLong kib = number(lines("status"), "VmRSS:");
        return kib.isPresent() ? OptionalLong.of(kib.getAsLong() * BYTES_IN_KIB) : OptionalLong.empty();
    }

    private OptionalLong cpuNanos() {
        Optional<Duration> total =
                ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration());
        return total.isPresent() ? OptionalLong.of(total.get().toNanos()) : OptionalLong.empty();
    }

    /** Time of this process's own threads on a CPU. */
    static long ownCpuNanos() {
        OptionalLong own = new ServerProcess(ProcessHandle.current().pid()).cpuNanos();
        return own.orElse(0);
    }

    /** A file of {@code /proc}; empty where there is none, or where it belongs to another user. */
    private List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static OptionalLong number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(NOT_DIGITS.matcher(line).replaceAll("")))
                .findFirst();
    }
}
