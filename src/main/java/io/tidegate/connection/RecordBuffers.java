package io.tidegate.connection;

import java.nio.ByteBuffer;

/** Where records of TLS are made and opened: of each thread that does, since no connection needs them for longer than a call. */
final class RecordBuffers {

    /** Without room: it stays as it is, whoever has it. */
    static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final ThreadLocal<RecordBuffers> OF_THREADS = ThreadLocal.withInitial(RecordBuffers::new);

    private ByteBuffer sealed = NOTHING;
    private ByteBuffer came = NOTHING;
    private ByteBuffer opened = NOTHING;

    private RecordBuffers() {}

    /** For records that are written to the kernel. */
    static ByteBuffer toSeal(int size) {
        RecordBuffers own = OF_THREADS.get();
        if (own.sealed.capacity() < size) {
            own.sealed = ByteBuffer.allocateDirect(size);
        }
        return own.sealed.clear().limit(size);
    }

    /** For what the kernel gave. */
    static ByteBuffer ofWhatCame(int size) {
        RecordBuffers own = OF_THREADS.get();
        if (own.came.capacity() < size) {
            own.came = ByteBuffer.allocate(roomy(size));
        }
        return own.came.clear();
    }

    /** For what was sealed. */
    static ByteBuffer toOpen(int size) {
        RecordBuffers own = OF_THREADS.get();
        if (own.opened.capacity() < size) {
            own.opened = ByteBuffer.allocate(roomy(size));
        }
        return own.opened.clear();
    }

    /** Who needs a byte more each time has it made a few times only. */
    private static int roomy(int size) {
        return Integer.highestOneBit(Math.max(1, size)) * 2;
    }
}
