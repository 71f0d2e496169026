package io.tidegate.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * What is whole in one of RocksDB's write-ahead logs, read beside RocksDB, which stops at the first record that is not whole and
 * does not look at what is behind it.
 *
 * <pre>
 *  file    blocks of 32 KiB, the last one may be shorter; a fragment does not cross their borders
 *  block   fragments, then zeros where no header fits any more
 *  fragment checksum (4), length (2), type (1), the file's number (4, in the types that recycled files have), payload
 *  record  one fragment, or a first one, middle ones and a last one; it begins with its sequence number (8) and its count (4)
 * </pre>
 *
 * <p>All numbers are little-endian; the checksum is a masked CRC-32C of all that follows the length. A file that is used for the
 * second time has fragments of its former life behind its end, with its former number.
 *
 * @param number in its name
 * @param bytes its size
 * @param badAt where the first thing is that is no fragment, or is none of a whole record; its size if there is none
 * @param firstSequence the sequence number of the first whole record; 0 if there is none
 * @param lastSequence the highest sequence number, as RocksDB counts, in any whole record, behind {@code badAt} too; 0 if
 *     there is none
 */
record WalFile(Path path, long number, long bytes, long badAt, long firstSequence, long lastSequence) {

    static final int BLOCK_BYTES = 32 << 10;

    private static final int HEADER_BYTES = 7;
    private static final int LONG_HEADER_BYTES = 11;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;
    /** What the types of fragments in recycled files are higher by. */
    private static final int RECYCLED = 4;
    /** Of a record: sequence number and count. */
    private static final int RECORD_HEADER_BYTES = 12;

    /** Reads a whole file, a block at a time; the list of tables is written in the same way. */
    static WalFile read(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        return new Scan(Long.parseLong(name.replaceAll("\\D", ""))).scan(path);
    }

    private static final class Scan {

        private final long number;
        private final byte[] block = new byte[BLOCK_BYTES];
        private final ByteBuffer view = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        private final ByteBuffer record =
                ByteBuffer.allocate(RECORD_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private int limit;
        private boolean inRecord;
        private long recordAt;
        private long badAt = -1;
        private long firstSequence;
        private long lastSequence;

        Scan(long number) {
            this.number = number;
        }

        WalFile scan(Path path) throws IOException {
            long bytes = 0;
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                while (readBlock(file)) {
                    scanBlock(bytes);
                    bytes += limit;
                }
            }
            long endsAt = inRecord ? recordAt : bytes;
            return new WalFile(path, number, bytes, badAt < 0 ? endsAt : badAt, firstSequence, lastSequence);
        }

        private boolean readBlock(FileChannel file) throws IOException {
            view.clear();
            int read = 0;
            while (view.hasRemaining() && read >= 0) {
                read = file.read(view);
            }
            limit = view.position();
            return limit > 0;
        }

        private void scanBlock(long start) {
            int at = 0;
            while (at < limit && !isPadding(at)) {
                int size = fragmentAt(at);
                if (size > 0) {
                    take(at, size, start);
                    at += size;
                } else {
                    // What follows may be whole all the same, and begin anywhere.
                    badAt = badAt < 0 ? start + at : badAt;
                    inRecord = false;
                    at++;
                }
            }
        }

        private boolean isPadding(int at) {
            if (BLOCK_BYTES - at >= LONG_HEADER_BYTES) {
                return false;
            }
            for (int i = at; i < limit; i++) {
                if (block[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        /** The size of the fragment that begins there; 0 if none does. */
        private int fragmentAt(int at) {
            if (limit - at < HEADER_BYTES) {
                return 0;
            }
            int type = block[at + 6];
            int header = headerBytes(type);
            int size = header + (view.getShort(at + 4) & 0xffff);
            if (type < FULL || type > LAST + RECYCLED || size > limit - at) {
                return 0;
            }
            boolean foreign = header == LONG_HEADER_BYTES && view.getInt(at + HEADER_BYTES) != (int) number;
            return foreign || view.getInt(at) != checksum(at + 6, size - 6) ? 0 : size;
        }

        private static int headerBytes(int type) {
            return type > LAST ? LONG_HEADER_BYTES : HEADER_BYTES;
        }

        private int checksum(int at, int length) {
            var crc = new CRC32C();
            crc.update(block, at, length);
            int value = (int) crc.getValue();
            return ((value >>> 15) | (value << 17)) + 0xa282ead8;
        }

        private void take(int at, int size, long start) {
            int header = headerBytes(block[at + 6]);
            int part = block[at + 6] > LAST ? block[at + 6] - RECYCLED : block[at + 6];
            if (part == FULL || part == FIRST) {
                inRecord = true;
                recordAt = start + at;
                record.clear();
            }
            if (inRecord) {
                record.put(block, at + header, Math.min(record.remaining(), size - header));
            }
            if (inRecord && (part == FULL || part == LAST)) {
                inRecord = false;
                if (!record.hasRemaining()) {
                    firstSequence = firstSequence == 0 ? record.getLong(0) : firstSequence;
                    lastSequence = Math.max(lastSequence, record.getLong(0) + record.getInt(8) - 1);
                }
            }
        }
    }
}
