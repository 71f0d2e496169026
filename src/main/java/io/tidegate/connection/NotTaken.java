package io.tidegate.connection;

import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.wire.ErrorCode;

/**
 * What a publisher is told of a change that the feed has refused, whichever way it came in.
 *
 * @param message one line that says what to do
 */
public record NotTaken(ErrorCode code, String message) {

    /** Why that feed has refused a change. */
    public static NotTaken of(Publication.Refusal refusal, Feed feed) {
        return switch (refusal) {
            case DRAINING ->
                new NotTaken(
                        ErrorCode.DRAINING,
                        "the server is about to stop and did not take this change: send it after reconnecting");
            case TOO_LARGE ->
                new NotTaken(
                        ErrorCode.TOO_LARGE,
                        "the document is longer than " + feed.documentLimit() + ": send a smaller one");
            case PRECONDITION_FAILED ->
                new NotTaken(
                        ErrorCode.PRECONDITION_FAILED,
                        "the document is not as the request asks, and the change was not taken: read it again");
            case STORE_FAILED ->
                new NotTaken(ErrorCode.STORE_FAILED, "the store could not take this change: try again later");
            case STORE_DAMAGED ->
                new NotTaken(ErrorCode.STORE_DAMAGED, "the store cannot take this change: " + ErrorCode.DAMAGED);
            case UNAVAILABLE ->
                new NotTaken(
                        ErrorCode.UNAVAILABLE,
                        "the log that orders the changes took nothing in time, and the change was not taken: try again later");
            case UNKNOWN ->
                new NotTaken(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "it is not known whether the change was taken, and it may still be: to learn it, send the very same change"
                                + " again with the same id (@id=, Idempotency-Key, \"id\"), on any node; if it had none, read the"
                                + " document");
        };
    }
}
