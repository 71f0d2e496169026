package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.Goodbye;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is spoken on a connection from its begin to its end: one dialogue after the other, each with the bytes that the one before did not
 * take. Guarded by the connection's lock.
 */
final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final long connectionId;
    private final Wakeup wakeup;
    private final BooleanSupplier hasUnread;
    private Peer peer;
    private Talk<?> talk;
    private @Nullable Goodbye goodbye;
    private String userAgent = "";

    /** One that begins with that. */
    Conversation(long connectionId, Opening first, Peer peer, Wakeup wakeup, BooleanSupplier hasUnread) {
        this.connectionId = connectionId;
        this.peer = peer;
        this.wakeup = wakeup;
        this.hasUnread = hasUnread;
        talk = open(first);
    }

    private Talk<?> open(Opening spoken) {
        return Talk.of(spoken.open(peer, wakeup, hasUnread));
    }

    /** What is spoken now. */
    Talk<?> talk() {
        return talk;
    }

    /** The same without what came for it. */
    Dialogue<?> dialogue() {
        return talk.dialogue();
    }

    /** The dialogue that has finished gives way to the next one, if there is one. */
    boolean goOnAsAnother() {
        Dialogue<?> before = talk.dialogue();
        Opening next = before.isFinished() ? before.next() : null;
        if (next == null) {
            return false;
        }
        userAgent = before.userAgent();
        peer = before.peer(peer);
        ByteString rest = talk.rest();
        release();
        talk = open(next);
        talk.take(rest);
        return true;
    }

    /** Nothing more is said. Even if this fails, the connection ends as it was about to. */
    void release() {
        try {
            talk.dialogue().close();
        } catch (RuntimeException | Error e) {
            log.error("Connection #{} did not release everything: internal error", connectionId, e);
        }
    }

    /** @param isHeard whether anything is said any more */
    void sayGoodbye(Goodbye last, boolean isHeard) {
        goodbye = goodbye == null ? last : goodbye;
        if (isHeard) {
            talk.dialogue().shutdown(last);
        }
    }

    /** Who was told goodbye and gave way to another has not passed it on. */
    void sayGoodbyeAgain() {
        if (goodbye != null) {
            talk.dialogue().shutdown(goodbye);
        }
    }

    /** Who is at the other end, as far as is known. */
    Peer peer() {
        return peer;
    }

    /** What the client says it is; empty if it says nothing. */
    String userAgent() {
        return userAgent.isEmpty() ? talk.dialogue().userAgent() : userAgent;
    }
}
