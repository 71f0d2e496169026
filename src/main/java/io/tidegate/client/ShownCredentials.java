package io.tidegate.client;

import java.util.function.Supplier;

/** Whose a client's connections are: asked for at each, and whether there is another token since the last one. By any thread. */
final class ShownCredentials implements Supplier<Credentials> {

    private final Supplier<Credentials> credentials;

    /** The token that was shown last. */
    private volatile String shown = "";

    ShownCredentials(Supplier<Credentials> credentials) {
        this.credentials = credentials;
    }

    /** What is shown now. */
    @Override
    public Credentials get() {
        Credentials now = credentials.get();
        shown = now.token();
        return now;
    }

    /** Whether another token would be shown now. */
    boolean areRenewed() {
        return !credentials.get().token().equals(shown);
    }
}
