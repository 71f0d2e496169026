package io.tidegate.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Keys of issuers in files. */
final class KeyFiles {

    /** Makes keys of what a file has, or says by an {@code IllegalArgumentException} what is wrong with it. */
    private interface Form {
        KeySet of(byte[] content, Set<String> algorithms);
    }

    private KeyFiles() {}

    /** A set of public keys. */
    static WatchedFile<KeySet> jwks(IssuerSettings issuer, Path path) {
        return watched(
                issuer,
                path,
                false,
                (content, algorithms) -> KeySet.ofJwks(new String(content, StandardCharsets.UTF_8), algorithms));
    }

    /** A secret. */
    static WatchedFile<KeySet> secret(IssuerSettings issuer, Path path) {
        return watched(
                issuer, path, true, (content, algorithms) -> KeySet.ofSecret(withoutLineEnd(content), algorithms));
    }

    private static WatchedFile<KeySet> watched(IssuerSettings issuer, Path path, boolean isPrivate, Form form) {
        return new WatchedFile<>(path, isPrivate, (file, content) -> {
            try {
                return form.of(content, issuer.algorithms());
            } catch (IllegalArgumentException e) {
                throw new AccessFileException(file + ": " + e.getMessage());
            }
        });
    }

    /** Editors, and commands that print a secret, end it by one. */
    private static byte[] withoutLineEnd(byte[] content) {
        int length = content.length;
        if (length > 0 && content[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && length < content.length && content[length - 1] == '\r') {
            length--;
        }
        return Arrays.copyOf(content, length);
    }
}
