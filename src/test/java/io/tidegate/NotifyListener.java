package io.tidegate;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** The socket on which a supervisor such as systemd hears, in its place. */
public final class NotifyListener implements Closeable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MOST_BYTES = 8192;

    private static final class LibC {
        private LibC() {}

        static {
            Native.register(LibC.class, "c");
        }

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native int bind(int socket, byte[] address, int bytes) throws LastErrorException;

        static native int setsockopt(int socket, int level, int option, byte[] value, int bytes)
                throws LastErrorException;

        static native NativeLong recv(int socket, byte[] buffer, NativeLong bytes, int flags) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;
    }

    private final String path;
    private final int socket;

    private NotifyListener(String path, int socket) {
        this.path = path;
        this.socket = socket;
    }

    /** Listens at a path, or at a name without a file if it begins with '@'. */
    public static NotifyListener at(String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] address = ByteBuffer.allocate(Short.BYTES + name.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(name)
                .array();
        if (path.startsWith("@")) {
            address[Short.BYTES] = 0;
        }
        byte[] patience = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(Await.PATIENCE.toSeconds())
                .array();
        int socket = LibC.socket(AF_UNIX, SOCK_DGRAM, 0);
        int unused = LibC.setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, patience, patience.length)
                + LibC.bind(socket, address, address.length);
        return new NotifyListener(path, socket);
    }

    /** What the variable says to who is to tell something. */
    public String path() {
        return path;
    }

    /** The next message's lines; fails if none comes. */
    public List<String> receive() {
        byte[] message = new byte[MOST_BYTES];
        int bytes =
                LibC.recv(socket, message, new NativeLong(message.length), 0).intValue();
        return new String(message, 0, bytes, StandardCharsets.UTF_8).lines().toList();
    }

    /** The next message that has such a line, whatever comes before it. */
    public List<String> receive(Predicate<String> line) {
        List<String> message = receive();
        while (message.stream().noneMatch(line)) {
            message = receive();
        }
        return message;
    }

    /** What an assignment of a message says. */
    public static String valueOf(String name, List<String> message) {
        return message.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + message));
    }

    @Override
    public void close() {
        int unused = LibC.close(socket);
    }
}
