package io.tidegate.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Write-ahead logs as RocksDB writes them, byte by byte. */
class WalFileTest {

    private static final int NUMBER = 12;
    private static final int FULL = 5;
    private static final int FIRST = 6;
    private static final int MIDDLE = 7;
    private static final int LAST = 8;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static byte[] record(long sequence, int count, int size) {
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(sequence)
                .putInt(count)
                .array();
    }

    private WalFileTest fragment(int type, int number, byte[] payload) {
        ByteBuffer fragment = ByteBuffer.allocate(11 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        fragment.putShort(4, (short) payload.length);
        fragment.put(6, (byte) type).putInt(7, number).put(11, payload);
        var crc = new CRC32C();
        crc.update(fragment.array(), 6, 5 + payload.length);
        int value = (int) crc.getValue();
        fragment.putInt(0, ((value >>> 15) | (value << 17)) + 0xa282ead8);
        bytes.writeBytes(fragment.array());
        return this;
    }

    private WalFileTest full(long sequence, int count) {
        return fragment(FULL, NUMBER, record(sequence, count, 100));
    }

    private WalFileTest zeros(int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    private WalFile read() throws IOException {
        Path file = directory.resolve("000012.log");
        Files.write(file, bytes.toByteArray());
        return WalFile.read(file);
    }

    @Test
    void anEmptyFileHoldsNothing() throws Exception {
        assertThat(read()).isEqualTo(new WalFile(directory.resolve("000012.log"), NUMBER, 0, 0, 0, 0));
    }

    @Test
    void theLastSequenceNumberIsThatOfTheLastEntryOfAWholeRecord() throws Exception {
        WalFile file = full(1, 3).full(4, 2).read();

        assertThat(file.lastSequence()).isEqualTo(5);
        assertThat(file.badAt()).isEqualTo(file.bytes()).isEqualTo(222);
    }

    @Test
    void recordsOfTheFilesFormerLifeDoNotCount() throws Exception {
        WalFile file = full(1, 3)
                .fragment(FULL, NUMBER - 3, record(900, 1, 100))
                .fragment(FULL, NUMBER - 3, record(901, 1, 100))
                .read();

        assertThat(file.lastSequence()).isEqualTo(3);
        assertThat(file.badAt()).isEqualTo(111);
    }

    @Test
    void aRecordMayBeInManyFragmentsAndBlocks() throws Exception {
        int first = WalFile.BLOCK_BYTES - 111 - 11;
        WalFile file = full(1, 1)
                .fragment(FIRST, NUMBER, record(2, 7, first))
                .fragment(MIDDLE, NUMBER, new byte[WalFile.BLOCK_BYTES - 11])
                .fragment(LAST, NUMBER, new byte[50])
                .full(9, 1)
                .read();

        assertThat(file.lastSequence()).isEqualTo(9);
        assertThat(file.badAt()).isEqualTo(file.bytes());
    }

    @Test
    void aTornRecordDoesNotCountThoughItsFirstFragmentIsWhole() throws Exception {
        int first = WalFile.BLOCK_BYTES - 111 - 11;
        WalFile file = full(1, 1)
                .fragment(FIRST, NUMBER, record(2, 7, first))
                .zeros(WalFile.BLOCK_BYTES)
                .fragment(LAST, NUMBER, new byte[50])
                .read();

        assertThat(file.lastSequence()).isEqualTo(1);
    }

    @Test
    void aRecordWithoutItsEndIsNoneFromItsBeginningOn() throws Exception {
        WalFile file = full(1, 1)
                .fragment(FIRST, NUMBER, record(2, 7, WalFile.BLOCK_BYTES - 111 - 11))
                .read();

        assertThat(file.badAt()).isEqualTo(111);
        assertThat(file.bytes()).isEqualTo(WalFile.BLOCK_BYTES);
    }

    @Test
    void theBeginningOfARecordMayBeCutBetweenItsFragments() throws Exception {
        byte[] record = record(7, 2, 40);
        full(1, 1).fragment(FULL, NUMBER, new byte[WalFile.BLOCK_BYTES - 111 - 11 - 11 - 5]);
        fragment(FIRST, NUMBER, ByteBuffer.allocate(5).put(record, 0, 5).array());
        fragment(LAST, NUMBER, ByteBuffer.allocate(35).put(record, 5, 35).array());

        assertThat(read().lastSequence()).isEqualTo(8);
    }

    @Test
    void zerosFillTheEndOfABlockInWhichNoHeaderFits() throws Exception {
        full(1, 1)
                .fragment(FULL, NUMBER, record(2, 1, WalFile.BLOCK_BYTES - 111 - 11 - 9))
                .zeros(9)
                .full(3, 1);

        WalFile file = read();

        assertThat(file.lastSequence()).isEqualTo(3);
        assertThat(file.badAt()).isEqualTo(file.bytes());
    }

    @Test
    void wholeRecordsBehindDamageCountWhereverTheyBegin() throws Exception {
        for (int damaged = 111; damaged < 222; damaged++) {
            bytes.reset();
            byte[] whole = full(1, 1).full(2, 1).full(3, 1).bytes.toByteArray();
            whole[damaged] ^= 0x40;
            bytes.reset();
            bytes.writeBytes(whole);

            WalFile file = read();

            assertThat(file.badAt()).as("flipped at %s", damaged).isEqualTo(111);
            assertThat(file.lastSequence()).as("flipped at %s", damaged).isEqualTo(3);
        }
    }

    @Test
    void roomThatWasTakenInAdvanceIsNoDamage() throws Exception {
        WalFile file = full(1, 1).zeros(3 * WalFile.BLOCK_BYTES).read();

        assertThat(file.lastSequence()).isEqualTo(1);
        assertThat(file.badAt()).isEqualTo(111);
    }
}
