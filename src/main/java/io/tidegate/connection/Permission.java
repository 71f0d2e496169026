package io.tidegate.connection;

import io.tidegate.access.Pass;
import io.tidegate.document.Selection;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Request;
import io.tidegate.wire.RequestException;
import java.util.List;
import java.util.Optional;

/**
 * What one client may ask, by its pass. Who names what it may not have is refused as a whole, with the same answer whether there
 * is such a thing or not; who names nothing gets all that it may read.
 */
final class Permission {

    private static final String SHOW_FIRST = "show who you are first: send auth and your token";
    private static final String FORBIDDEN =
            "your identity may not do that, and nothing was done: the answer to auth says what it may";

    private final Pass pass;
    private final SelectionLimits limits;

    /** Whether the subscription was asked for without selectors. */
    private boolean isOfEverything;

    Permission(Pass pass, SelectionLimits limits) {
        this.pass = pass;
        this.limits = limits;
    }

    /** The answer to who asks for what it may not have. */
    static RequestException refusal(Pass pass) {
        return pass.isProven()
                ? new RequestException(ErrorCode.FORBIDDEN, FORBIDDEN)
                : new RequestException(ErrorCode.UNAUTHENTICATED, SHOW_FIRST);
    }

    /**
     * The request as it is done when its turn comes.
     *
     * @param isFollowing whether there is a subscription
     * @throws RequestException as the answer
     */
    Request allowed(Request request, boolean isFollowing) throws RequestException {
        if (request instanceof Request.Reading reading) {
            Selection selection = reading(reading.selection());
            if (reading instanceof Request.Subscribing && !isFollowing) {
                isOfEverything = reading.selection().isAll();
            }
            return reading.of(selection);
        }
        if (request instanceof Request.Watch watch) {
            Selection more = readable(Selection.of(watch.selectors()));
            return isOfEverything && !more.isNone() ? new Request.Watch(List.of()) : request;
        }
        if (request instanceof Request.Unwatch && isFollowing && isOfEverything) {
            throw new RequestException(ErrorCode.BAD_REQUEST, UpdateReader.FOLLOWS_EVERYTHING);
        }
        return request;
    }

    /** The limits are of what was asked for; rights may have more. */
    private Selection reading(Selection asked) throws RequestException {
        String tooLarge = limits.refusal(asked);
        if (tooLarge != null) {
            throw new RequestException(ErrorCode.SELECTION_TOO_LARGE, tooLarge);
        }
        return readable(asked);
    }

    private Selection readable(Selection asked) throws RequestException {
        Optional<Selection> readable = pass.reading(asked);
        if (readable.isEmpty()) {
            throw refusal(pass);
        }
        return readable.get();
    }
}
