package io.tidegate.server;

import io.tidegate.document.Position;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The document was not as the precondition asked when the change's turn came; the change was not published. */
public final class PreconditionFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient @Nullable Position current;

    PreconditionFailedException(@Nullable Position current) {
        super("the precondition failed, the change was not published: "
                + (current == null ? "there is no such document" : "the document is at " + current));
        this.current = current;
    }

    /** Where the document stood at that moment; empty if there was none. */
    public Optional<Position> current() {
        return Optional.ofNullable(current);
    }
}
