package io.tidegate.tls;

import io.tidegate.reload.FileContent;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of certificates, keys and passwords as they were at one moment: what is made of several is made of the same bytes. */
final class FileContents {

    /** A bundle of all public authorities is a quarter of it. */
    private static final int MOST_BYTES = 1 << 20;

    private final Map<Path, FileContent> contents = new LinkedHashMap<>();

    private FileContents() {}

    static FileContents of(List<Path> files) {
        var contents = new FileContents();
        files.forEach(file -> contents.contents.put(file, FileContent.read(file, MOST_BYTES)));
        return contents;
    }

    byte[] bytes(Path file) throws UnusableCertificateException {
        FileContent content = contents.get(file);
        if (content == null) {
            throw new UnusableCertificateException(file, "it was not read");
        }
        return content.bytes()
                .orElseThrow(() -> new UnusableCertificateException(file, "it cannot be read: " + content.failure()));
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
        return FileContent.digest(contents.values());
    }
}
