package io.tidegate.reload;

import io.tidegate.document.Reason;
import io.tidegate.document.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was at one moment, behind its links: all that is made of it is made of the same bytes. Whether it has changed since is
 * told by these and not by times, which a copy may keep. Immutable.
 */
public final class FileContent {

    private final Path file;
    private final byte @Nullable [] bytes;
    private final String failure;

    private FileContent(Path file, byte @Nullable [] bytes, String failure) {
        this.file = file;
        this.bytes = bytes;
        this.failure = failure;
    }

    /**
     * Reads a file.
     *
     * @param mostBytes of a longer one no more is read, and it counts as one that cannot be read
     */
    public static FileContent read(Path file, int mostBytes) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(mostBytes + 1);
            return bytes.length > mostBytes
                    ? new FileContent(file, null, String.format("it has more than %,d bytes", mostBytes))
                    : new FileContent(file, bytes, "");
        } catch (IOException e) {
            return new FileContent(file, null, Reason.of(e));
        }
    }

    /** What it has; empty if it cannot be read. Not to be changed. */
    public Optional<byte[]> bytes() {
        return Optional.ofNullable(bytes);
    }

    /** Why it cannot be read, for people; empty if it can. */
    public String failure() {
        return failure;
    }

    /** Differs when something differs, be it that the file is there or not. */
    public String digest() {
        return digest(List.of(this));
    }

    /** The same of several files. */
    public static String digest(Collection<FileContent> contents) {
        MessageDigest sha = Sha256.begin();
        for (FileContent each : contents) {
            byte[] read = each.bytes;
            String head = each.file + "\0" + (read == null ? each.failure : read.length) + "\0";
            sha.update(head.getBytes(StandardCharsets.UTF_8));
            if (read != null) {
                sha.update(read);
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
