package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import io.tidegate.wire.ErrorCode;

/**
 * Who asks, and what that may do. What may not be done is refused before anything is looked for, so that nothing is told by it.
 *
 * @param pass decides; also knows where the caller is
 */
public record Caller(Pass pass) {

    private static final String REALM = "Bearer realm=\"tidegate\"";

    /** Nothing was shown. */
    private static final Problem NOBODY =
            unauthenticated("show who you are: send the header Authorization with Bearer and your token", REALM);

    /** What was shown is nobody's. */
    static final Problem INVALID = unauthenticated(
            "nobody is known by what was shown: get another token, or another ticket",
            REALM + ", error=\"invalid_token\"");

    static final Problem MALFORMED =
            unauthenticated("there is one way to show who you are here: Authorization: Bearer, and one token", REALM);

    static final Problem TOO_MANY_FAILURES = Problem.of(
                    HttpResponseStatus.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_FAILURES, ErrorCode.NOBODYS)
            .with(new Header("Retry-After", "60"));

    private static final Problem FORBIDDEN = Problem.of(
            HttpResponseStatus.FORBIDDEN,
            ErrorCode.FORBIDDEN,
            "your identity may not do that, and nothing was done: who runs the server gives rights");

    private static final Problem TOO_MANY_CONNECTIONS = Problem.of(
                    HttpResponseStatus.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_CONNECTIONS, ErrorCode.OF_IDENTITY)
            .with(new Header("Retry-After", "10"));

    private static final Problem TOO_MANY_SNAPSHOTS = Problem.of(
                    HttpResponseStatus.TOO_MANY_REQUESTS, ErrorCode.TOO_MANY_SNAPSHOTS, ErrorCode.OF_SNAPSHOTS)
            .with(new Header("Retry-After", "2"));

    private static Problem unauthenticated(String detail, String challenge) {
        return Problem.of(HttpResponseStatus.UNAUTHORIZED, ErrorCode.UNAUTHENTICATED, detail)
                .with(new Header("WWW-Authenticate", challenge));
    }

    /** What it is told that may not do something. */
    Problem refusal() {
        return pass.isProven() ? FORBIDDEN : NOBODY;
    }

    /**
     * What it is given that asks for a selection.
     *
     * @throws Problem.Refusal if it may not read all of that, or nothing at all
     */
    Selection reading(Selection asked) throws Problem.Refusal {
        return pass.reading(asked).orElseThrow(() -> refusal().refusal());
    }

    /**
     * What of a selection it is given that asks for no more than it may read.
     *
     * @throws Problem.Refusal if it may read nothing at all
     */
    Selection readable(Selection asked) throws Problem.Refusal {
        return pass.readable(asked).orElseThrow(() -> refusal().refusal());
    }

    /** Refuses whose identity has as many connections as it may, before one more begins to follow. */
    void requirePlace() throws Problem.Refusal {
        if (!pass.hasPlace()) {
            throw TOO_MANY_CONNECTIONS.refusal();
        }
    }

    /**
     * Takes a place for a snapshot.
     *
     * @return gives it back, however often it is called
     * @throws Problem.Refusal if the identity reads as many at once as it may
     */
    Runnable takeSnapshot(Selection selection) throws Problem.Refusal {
        return pass.takeSnapshot(selection).orElseThrow(TOO_MANY_SNAPSHOTS::refusal);
    }

    /** Refuses whose identity reads as many snapshots as it may, before one more begins. */
    void requireSnapshot(Selection selection) throws Problem.Refusal {
        if (!pass.mayTakeSnapshot(selection)) {
            throw TOO_MANY_SNAPSHOTS.refusal();
        }
    }

    /** Refuses who may not read what it asks for. */
    void requireReading(Selection asked) throws Problem.Refusal {
        require(pass.reading(asked).isPresent());
    }

    void requireRead(DocumentName name) throws Problem.Refusal {
        require(pass.mayRead(name));
    }

    void requireWrite(DocumentName name) throws Problem.Refusal {
        require(pass.mayWrite(name));
    }

    /** Whoever may write nothing at all need not send anything. */
    void requireWriteSomething() throws Problem.Refusal {
        require(pass.mayWriteSomething());
    }

    /**
     * Watching and operating the server needs a right of its own.
     *
     * @throws Problem.Refusal if it does not have that
     */
    public void requireOperate() throws Problem.Refusal {
        require(pass.mayOperate());
    }

    private void require(boolean isAllowed) throws Problem.Refusal {
        if (!isAllowed) {
            throw refusal().refusal();
        }
    }
}
