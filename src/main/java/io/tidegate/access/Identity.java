package io.tidegate.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is, as far as it was proven, and what that allows. Immutable.
 *
 * @param name for logs and rows; empty for who has shown nothing
 * @param expiresAt when it ends; null if it does not
 * @param proof what proved it, by which it is found again after a change of what is known
 */
public record Identity(String name, Rights rights, @Nullable Instant expiresAt, Proof proof) {

    /** What proves an identity; never the secret itself. */
    public interface Proof {}

    private enum Unproven implements Proof {
        NOTHING
    }

    /** Everybody, where nobody has to prove who they are. */
    public static final Identity ANYBODY = unproven(Rights.ALL);

    /** Somebody who has shown nothing. */
    public static Identity unproven(Rights rights) {
        return new Identity("", rights, null, Unproven.NOTHING);
    }

    /** Whether nothing has proven it. */
    public boolean isUnproven() {
        return proof == Unproven.NOTHING;
    }
}
