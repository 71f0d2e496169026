package io.tidegate.websocket;

import akka.util.ByteString;
import io.tidegate.MicroBenchmark;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Decoding chunks of small masked text frames, each with the line of a put: time for one frame. */
public class MessageDecoderBenchmark extends MicroBenchmark {

    private static final int FRAMES = 64;
    private static final int MASK = 0x37fa213d;
    private static final MessageLimits LIMITS = new MessageLimits(1 << 20, 1 << 20);

    /** Bytes in a chunk; the smaller ones cut most frames. */
    @Param({"1000000", "1000"})
    private int chunkBytes = 1;

    private ByteString[] chunks = {};
    private final MessageDecoder decoder = MessageDecoder.ofText(LIMITS);
    private final MessageLines lines = MessageLines.create(LIMITS.maxMessageBytes());

    @Setup
    public void fill() {
        byte[] put = ("put orders o-17 " + DOCUMENT).getBytes(StandardCharsets.UTF_8);
        var frames = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES; i++) {
            ByteString header = Frames.textHeader(put.length);
            byte[] masked = header.toArray();
            masked[1] |= (byte) 0x80;
            frames.writeBytes(masked);
            frames.writeBytes(
                    new byte[] {(byte) (MASK >>> 24), (byte) (MASK >>> 16), (byte) (MASK >>> 8), (byte) MASK});
            for (int j = 0; j < put.length; j++) {
                frames.write(put[j] ^ (MASK >>> (24 - j % 4 * 8)));
            }
        }
        ByteString all = ByteString.fromArray(frames.toByteArray());
        chunks = new ByteString[(all.length() + chunkBytes - 1) / chunkBytes];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = all.slice(i * chunkBytes, (i + 1) * chunkBytes).compact();
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int messages() {
        int found = 0;
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            while (decoder.next() != null) {
                found++;
            }
        }
        return found;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int messagesAndLines() {
        int found = 0;
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (Message message = decoder.next(); message != null; message = decoder.next()) {
                lines.take(message);
                while (lines.next() != null) {
                    found++;
                }
            }
        }
        return found;
    }
}
