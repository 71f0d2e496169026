package io.tidegate.listener;

import akka.io.Inet;
import io.tidegate.kernel.SocketFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets listeners of several processes share a port, and gives all new connections to the one that came last.
 *
 * <p>By itself the kernel chooses among them by a hash of the client's address. So an old listener would get connections until
 * the moment when it closes, and those that nobody has accepted by then are reset. Here the choice is made by a program of one
 * instruction, which the kernel runs for each new connection: "the second listener". While there is only one, the kernel finds
 * that this is none, and takes the one there is; when the older of two closes, the younger one takes its place.
 *
 * <p>The program belongs to the port, not to a listener, and needs no privilege. Linux only; Java cannot set this option.
 */
final class PortGroup extends Inet.AbstractSocketOptionV2 {

    /** "The second listener", which is all that the program returns. */
    private static final SocketFilter NEWEST = SocketFilter.of(new int[] {0x06, 0, 0, 1}); // return 1, counted from 0

    private static final String LISTENING = "0A";
    private static final int INODE_COLUMN = 9;

    private static final Logger log = LoggerFactory.getLogger(PortGroup.class);

    @Override
    public void beforeServerSocketBind(ServerSocket socket) {
        try {
            if (!socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                throw new SocketException("this system cannot share a port: set reuse-port = off");
            }
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterBind(ServerSocket socket) {
        try {
            NEWEST.attach(descriptor(socket.getLocalPort()), SocketFilter.PORT_GROUP);
        } catch (IOException | RuntimeException | LinkageError e) {
            log.warn(
                    "New connections will be spread over both servers during a takeover, and some may be reset: the kernel"
                            + " cannot be told to prefer the newer one ({})",
                    e.toString());
        }
    }

    /** The descriptor of this process's listening socket, which Java keeps to itself. */
    private static int descriptor(int port) throws IOException {
        Set<String> listening = new HashSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            if (Files.isReadable(Path.of(table))) {
                Files.readAllLines(Path.of(table)).stream()
                        .map(line -> line.trim().split("\\s+"))
                        .filter(columns -> isListening(columns, port))
                        .forEach(columns -> listening.add("socket:[" + columns[INODE_COLUMN] + "]"));
            }
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (listening.contains(target(descriptor))) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new IOException("the listening socket is not found in /proc");
    }

    private static boolean isListening(String[] columns, int port) {
        return columns.length > INODE_COLUMN
                && columns[3].equals(LISTENING)
                && columns[1].endsWith(String.format(":%04X", port));
    }

    /** Empty for one that is closed by now: others come and go while the list is read. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
