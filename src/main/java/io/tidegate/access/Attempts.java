package io.tidegate.access;

import java.net.InetAddress;

/**
 * Counts where identities are shown that are none, so that nobody can go on guessing. By address, never by name: who guesses
 * would shut out those whose names he knows. Thread-safe; no method blocks.
 */
public interface Attempts {

    /** Where nobody counts. */
    Attempts UNCOUNTED = new Attempts() {
        @Override
        public boolean mayTry(InetAddress address) {
            return true;
        }

        @Override
        public void failed(InetAddress address) {}
    };

    /** Whether what is shown from there is looked at. */
    boolean mayTry(InetAddress address);

    /** Something was shown from there that is nobody's. */
    void failed(InetAddress address);
}
