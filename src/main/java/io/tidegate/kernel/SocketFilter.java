package io.tidegate.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** A program that the kernel runs for a socket, of Linux's {@code struct sock_filter}; it needs no privilege. */
public final class SocketFilter {

    /** Of {@link #attach}: which segments come to the socket. */
    public static final int SEGMENTS = 26;

    /** Of {@link #attach}: which of the sockets that share a port gets a new connection. */
    public static final int PORT_GROUP = 51;

    private static final int SOL_SOCKET = 1;
    private static final int INSTRUCTION_BYTES = 8;

    private static final class LibC {
        private LibC() {}

        static {
            Native.register(LibC.class, "c");
        }

        static native int setsockopt(int socket, int level, int option, Pointer value, int bytes)
                throws LastErrorException;
    }

    private final int[][] instructions;

    private SocketFilter(int[][] instructions) {
        this.instructions = instructions;
    }

    /**
     * A program of these instructions.
     *
     * @param instructions operation, two jumps and operand of each
     */
    public static SocketFilter of(int[]... instructions) {
        return new SocketFilter(instructions);
    }

    /**
     * Has the kernel run it from now on.
     *
     * @param descriptor of the socket
     * @param option {@link #SEGMENTS} or {@link #PORT_GROUP}: for what it is run
     * @throws LastErrorException if the kernel does not take it
     */
    public void attach(int descriptor, int option) {
        try (var code = new Memory((long) instructions.length * INSTRUCTION_BYTES);
                var program = new Memory(2L * Native.POINTER_SIZE)) {
            for (int i = 0; i < instructions.length; i++) {
                int[] instruction = instructions[i];
                long at = (long) i * INSTRUCTION_BYTES;
                code.setShort(at, (short) instruction[0]);
                code.setByte(at + 2, (byte) instruction[1]);
                code.setByte(at + 3, (byte) instruction[2]);
                code.setInt(at + 4, instruction[3]);
            }
            program.clear();
            program.setShort(0, (short) instructions.length);
            program.setPointer(Native.POINTER_SIZE, code);
            int unused = LibC.setsockopt(descriptor, SOL_SOCKET, option, program, (int) program.size());
        }
    }
}
