package io.tidegate.server;

import java.io.Serial;

/** The server drains and takes no more changes; the change was not published. */
public final class DrainingException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1;

    DrainingException() {
        super("the server is draining: the change was not published");
    }
}
