package io.tidegate.client;

/** A change was not taken, or it is not known whether it was. */
public final class PublishFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** It was sent, and no answer came. */
    static final String OUTCOME_UNKNOWN = "outcome-unknown";

    /** It was never sent. */
    static final String NOT_SENT = "not-sent";

    private final String code;

    PublishFailedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** One of the codes of the protocol, such as {@code forbidden}; {@code not-sent} if it was never sent. */
    public String code() {
        return code;
    }

    /** Whether it may have been taken all the same. */
    public boolean isUnknown() {
        return code.equals(OUTCOME_UNKNOWN) || code.equals("store-failed");
    }
}
