package io.tidegate.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the kernel knows of the connections of this machine; for loopback that is both of their sides. Linux only. */
final class KernelTable {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String TIME_WAIT = "06";

    private KernelTable() {}

    /** Whether one of the two sides is in TIME_WAIT. */
    static boolean hasTimeWait(InetSocketAddress one, InetSocketAddress other) throws IOException {
        assumeTrue(Files.isReadable(TABLES.get(0)), "this kernel shows no table of its connections");
        Set<Integer> wanted = Set.of(one.getPort(), other.getPort());
        for (String line : lines()) {
            String[] columns = line.trim().split("\\s+", 5);
            if (columns[3].equals(TIME_WAIT) && wanted.equals(ports(columns[1], columns[2]))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path table : TABLES) {
            if (Files.isReadable(table)) {
                Files.readAllLines(table).stream().skip(1).forEach(lines::add);
            }
        }
        return lines;
    }

    private static Set<Integer> ports(String local, String remote) {
        return new HashSet<>(List.of(port(local), port(remote)));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
