package io.tidegate.access;

import java.io.Serial;

/** What was shown proves nothing. It has no stack trace: who attacks causes many. */
final class RefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    RefusedException(FailureReason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    FailureReason reason() {
        return reason;
    }
}
