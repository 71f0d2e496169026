package io.tidegate.audit;

import io.tidegate.document.OwnFiles;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are appended to, for its owner only. It is opened for each, so whoever rotates it renames it and is done. A thread
 * of its own writes: a disk that hangs must not hold up a server. Thread-safe.
 */
final class AuditFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditFile.class);

    private static final Set<OpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private static final long LAST_LINES_SECONDS = 2;

    private final Path path;
    private final Consumer<String> standIn;
    private final ThreadPoolExecutor writer;
    private final AtomicLong lost = new AtomicLong();

    /** Used by the writer only. */
    private boolean failed;

    private AuditFile(Path path, int queueLines, Consumer<String> standIn) {
        this.path = path;
        this.standIn = standIn;
        writer = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queueLines), task -> {
            var thread = new Thread(task, "tidegate-audit");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Makes the file if it is not there.
     *
     * @param queueLines that may wait; more are lost, and counted
     * @param standIn takes the lines that cannot be written
     * @throws IOException if it cannot be written
     */
    static AuditFile open(Path path, int queueLines, Consumer<String> standIn) throws IOException {
        channel(path).close();
        return new AuditFile(path, queueLines, standIn);
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, APPEND, OwnFiles.attributes(path));
    }

    void write(String line) {
        try {
            writer.execute(() -> append(line));
        } catch (RejectedExecutionException e) {
            lost.incrementAndGet();
        }
    }

    private void append(String line) {
        try (FileChannel channel = channel(path)) {
            long missing = lost.getAndSet(0);
            String told = missing == 0 ? "" : "{\"event\":\"lost\",\"lines\":" + missing + "}\n";
            ByteBuffer bytes = ByteBuffer.wrap((told + line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                log.error(
                        "The file {} of tidegate.audit.file cannot be written, so this log has the audit: {}",
                        path,
                        Reason.of(e));
            }
            standIn.accept(line);
        }
    }

    /** Writes what waits, if that does not take long. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_LINES_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The file {} of tidegate.audit.file takes no lines: the last ones are lost", path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
