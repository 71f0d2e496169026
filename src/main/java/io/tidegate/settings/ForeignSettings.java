package io.tidegate.settings;

import java.util.Optional;
import java.util.Set;

/** Settings that are not ours, but those of a library, by its names: {@code security.protocol = SSL}. */
public interface ForeignSettings {

    /** Those that may be set. */
    Set<String> names();

    /** Which these are, in words. */
    String whichNames();

    /** What is allowed as the value of one of these; empty if this one is. */
    Optional<String> allowedInstead(String name, String value);

    /** Whether the value of one of these is shown to nobody. */
    boolean isSecret(String name);
}
