package io.tidegate.rocksdb;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an accepted update is sure to survive. */
public enum Durability {
    /** A power cut: every batch is forced to the disk before it is acknowledged. */
    SYNC,
    /** A killed process, not a power cut: every batch is handed to the operating system before it is acknowledged. */
    OS;

    /** The word for it in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Durability::word).toList();
    }

    static Optional<Durability> named(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }
}
