package io.tidegate.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A datagram socket of the same machine that is only written to, such as the one on which systemd hears: Java has none. */
public final class NotifySocket {

    private static final int AF_UNIX = 1;

    /** A datagram socket that no child inherits. */
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    private static final int PROTOCOL = 0;

    /** Neither waits for a reader that is behind, nor is told of one that is gone by a signal. */
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;

    /** Of {@code sockaddr_un.sun_path}, with the zero behind it. */
    private static final int MOST_PATH_BYTES = 108;

    private static final class LibC {
        private LibC() {}

        static {
            Native.register(LibC.class, "c");
        }

        static native int socket(int domain, int type, int protocol) throws LastErrorException;

        static native NativeLong sendto(
                int socket, byte[] message, NativeLong bytes, int flags, byte[] address, int addressBytes)
                throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;
    }

    private final byte[] address;

    private NotifySocket(byte[] address) {
        this.address = address;
    }

    /**
     * The socket at a path; one that begins with '@' is in Linux's abstract namespace, which is no directory.
     *
     * @throws IllegalArgumentException that says in one line why there can be none
     */
    public static NotifySocket at(String path) {
        boolean isAbstract = path.startsWith("@");
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (!isAbstract && !path.startsWith("/")) {
            throw new IllegalArgumentException("it begins with neither '/' nor '@'");
        }
        if (name.length >= MOST_PATH_BYTES) {
            throw new IllegalArgumentException("it is longer than " + (MOST_PATH_BYTES - 1) + " bytes");
        }
        // A zero ends a path, and is part of an abstract name, which its length ends.
        int bytes = Short.BYTES + name.length + (isAbstract ? 0 : 1);
        ByteBuffer address = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_UNIX).put(name);
        if (isAbstract) {
            address.put(Short.BYTES, (byte) 0);
        }
        return new NotifySocket(address.array());
    }

    /**
     * Sends a message, or does not: it never waits.
     *
     * @throws LastErrorException if nobody is there, or who is there does not keep up
     */
    public void send(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        // One a message, as seldom as they are: then there is nothing to close at the end.
        int socket = LibC.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, PROTOCOL);
        try {
            NativeLong unused = LibC.sendto(
                    socket, bytes, new NativeLong(bytes.length), MSG_DONTWAIT_NOSIGNAL, address, address.length);
        } finally {
            int unused = LibC.close(socket);
        }
    }
}
