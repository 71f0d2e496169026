package io.tidegate.listener;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;

/** What this process may have open at once: to the kernel, sockets and files are descriptors alike. */
final class Descriptors {

    /**
     * For the store's files (512 at most), the refused that are waited for (128), connections that were accepted and not
     * looked at yet (96), and what the program itself has open.
     */
    private static final int RESERVE = 1024;

    /** More connections than this need more memory than descriptors. */
    private static final int MOST = 1_000_000;

    private Descriptors() {}

    /** How many connections the limit of the process allows for: the reserve is left, or half where the limit is low. */
    static int forConnections() {
        return forConnections(limit());
    }

    static int forConnections(long limit) {
        return (int) Math.min(MOST, limit - Math.min(RESERVE, limit / 2));
    }

    private static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : MOST;
    }

    /** Whether one more can be opened; a few microseconds. */
    static boolean isOneFree() {
        try (SocketChannel one = SocketChannel.open()) {
            return one.isOpen();
        } catch (IOException e) {
            return false;
        }
    }
}
