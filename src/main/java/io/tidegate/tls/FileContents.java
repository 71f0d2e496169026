package io.tidegate.tls;

import io.tidegate.document.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files as they were at one moment, each behind its links: all that is made of them is made of the same bytes, and whether they
 * have changed is told by these and not by times, which a copy may keep.
 */
final class FileContents {

    /** A bundle of all public authorities is a quarter of it. */
    private static final int MOST_BYTES = 1 << 20;

    private final Map<Path, byte[]> read = new LinkedHashMap<>();
    private final Map<Path, String> unreadable = new LinkedHashMap<>();

    private FileContents() {}

    static FileContents of(List<Path> files) {
        var contents = new FileContents();
        files.forEach(contents::read);
        return contents;
    }

    private void read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                unreadable.put(
                        file, "it has more than " + MOST_BYTES + " bytes, so it is none of certificates or keys");
            } else {
                read.put(file, bytes);
            }
        } catch (IOException e) {
            unreadable.put(file, "it cannot be read: " + Reason.of(e));
        }
    }

    byte[] bytes(Path file) throws UnusableCertificateException {
        byte[] bytes = read.get(file);
        if (bytes == null) {
            throw new UnusableCertificateException(file, unreadable.getOrDefault(file, "it was not read"));
        }
        return bytes;
    }

    /** What stands in a file for a password, without the end of its line; empty if there is no such file. */
    char[] password(Optional<Path> file) throws UnusableCertificateException {
        if (file.isEmpty()) {
            return new char[0];
        }
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes(file.get())));
        int end = text.limit();
        while (end > 0 && (text.get(end - 1) == '\n' || text.get(end - 1) == '\r')) {
            end--;
        }
        char[] password = Arrays.copyOf(text.array(), end);
        Arrays.fill(text.array(), '\0');
        return password;
    }

    /** Differs when something differs, be it that a file is there or not. */
    String digest() {
        MessageDigest sha = sha256();
        read.forEach((file, bytes) -> {
            sha.update((file + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            sha.update(bytes);
        });
        unreadable.forEach((file, why) -> sha.update((file + "\0" + why + "\0").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
