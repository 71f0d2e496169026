package io.tidegate.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NetworkChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel about one TCP socket. Thread-safe.
 *
 * <p>It takes Linux, and the descriptor, which Java keeps to itself: the package that tells it has to be exported to us, which
 * the manifest of the server's jar asks for. Where it is not, nothing is known of any socket, and who asks does without.
 */
public final class KernelSocket {

    private static final Logger log = LoggerFactory.getLogger(KernelSocket.class);

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    private static final @Nullable MethodHandle DESCRIPTOR = descriptorGetter();

    /** Mapped directly: one call takes about two microseconds. */
    private static final class LibC {
        private LibC() {}

        static native int getsockopt(int socket, int level, int option, byte[] value, int[] bytes)
                throws LastErrorException;
    }

    /** Drops segments that ask for a new connection, and lets all others pass. It is shown TCP's header. */
    private static final SocketFilter NO_MORE_CONNECTIONS = SocketFilter.of(
            new int[] {0x30, 0, 0, 13}, // load the octet with the flags
            new int[] {0x54, 0, 0, 0x12}, // of these SYN and ACK
            new int[] {0x15, 0, 1, 0x02}, // if it is SYN alone, go on, else skip one
            new int[] {0x06, 0, 0, 0}, // pass on none of it
            new int[] {0x06, 0, 0, -1}); // pass on all of it

    private final NetworkChannel channel;

    /** The socket of a channel; it need not be known to the kernel yet, or any more. */
    public KernelSocket(NetworkChannel channel) {
        this.channel = channel;
    }

    /** Whether anything can be known of sockets here. */
    public static boolean isSupported() {
        return DESCRIPTOR != null;
    }

    private static @Nullable MethodHandle descriptorGetter() {
        try {
            if (!Platform.isLinux()) {
                throw new UnsupportedOperationException();
            }
            Class<?> channel = Class.forName("sun.nio.ch.SelChImpl");
            MethodHandle getter = MethodHandles.lookup()
                    .findVirtual(channel, "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, Object.class));
            // Here, where it is noticed if the library cannot be had.
            Native.register(LibC.class, "c");
            return getter;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            log.info(
                    "The kernel cannot be asked about single connections ({}): clients that vanish, or that do not close"
                            + " their side, are waited for longer. See \"What the kernel knows\" in docs/embedding.md",
                    reason(e));
            return null;
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof UnsupportedOperationException) {
            return "this system is not Linux";
        }
        return failure instanceof ReflectiveOperationException
                ? "Java was not told to let its own package sun.nio.ch be used"
                : "the library for that cannot be used here";
    }

    /** What the kernel knows now; null if that is not to be had, as for a socket that is closed. */
    public @Nullable KernelView look() {
        MethodHandle getter = DESCRIPTOR;
        if (getter == null || !channel.isOpen()) {
            return null;
        }
        byte[] info = new byte[KernelView.BYTES];
        int[] length = {info.length};
        try {
            int unused =
                    LibC.getsockopt((int) getter.invokeExact((Object) channel), IPPROTO_TCP, TCP_INFO, info, length);
        } catch (LastErrorException e) {
            // Closed in between.
            return null;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        // Once more: a descriptor that was closed meanwhile may be another socket's by now.
        return length[0] < KernelView.BYTES || !channel.isOpen()
                ? null
                : KernelView.of(ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()));
    }

    /**
     * Has a listening socket ignore who asks for a connection from now on; those under way come to it all the same. Who is ignored
     * asks again, a second later as a rule.
     *
     * @return whether it could be done
     */
    public boolean takeNoMore() {
        MethodHandle getter = DESCRIPTOR;
        if (getter == null || !channel.isOpen()) {
            return false;
        }
        try {
            NO_MORE_CONNECTIONS.attach((int) getter.invokeExact((Object) channel), SocketFilter.SEGMENTS);
            return true;
        } catch (LastErrorException e) {
            // Closed in between, or forbidden.
            return false;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
