package io.tidegate.listener;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;

/** What this process may have open at once: to the kernel, sockets and files are descriptors alike. */
final class Descriptors {

    /**
     * For the store's files (512 at most), the refused that are waited for (128), connections that were accepted and not
     * looked at yet (64 and half as many for each listener), those of operators, and what the program itself has open.
     */
    private static final int RESERVE = 1024;

    /** What is taken of the reserve at once, where it is smaller: a sixteenth of the limit, and this many at least. */
    private static final int LEAST_SHARE = 4;

    /** More connections than this need more memory than descriptors. */
    private static final int MOST = 1_000_000;

    private Descriptors() {}

    /** How many connections the limit of the process allows for: the reserve is left, or two thirds where the limit is low. */
    static int forConnections() {
        return forConnections(limit());
    }

    static int forConnections(long limit) {
        return (int) Math.min(MOST, limit - Math.min(RESERVE, limit - limit / 3));
    }

    /** So many of what the reserve is for, or fewer where the limit of the process is low. */
    static int share(int most) {
        return share(most, limit());
    }

    static int share(int most, long limit) {
        return (int) Math.min(most, Math.max(LEAST_SHARE, limit / 16));
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
