package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.Goodbye;
import io.tidegate.wire.Decoder;
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
        return new Talk<>(spoken.open(peer, wakeup, hasUnread));
    }

    /** What is spoken now. */
    Dialogue<?> dialogue() {
        return talk.dialogue;
    }

    /** The next bytes from the client. */
    void take(ByteString bytes) {
        talk.take(bytes);
    }

    /** No more bytes will come. */
    void inputEnded() {
        talk.end();
    }

    /** Gives who speaks what came, as far as it is wanted. */
    void read() {
        talk.read();
    }

    boolean isMoreToRead() {
        return talk.isMoreToRead();
    }

    /** Whether the socket is to be read. */
    boolean wantsBytes() {
        return talk.wantsBytes();
    }

    /** Tells whether the socket takes nothing more for now. */
    void blocked(boolean isBlocked) {
        talk.blocked(isBlocked);
    }

    /** The dialogue that has finished gives way to the next one, if there is one. */
    boolean goOnAsAnother() {
        Dialogue<?> before = talk.dialogue;
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
            talk.dialogue.close();
        } catch (RuntimeException | Error e) {
            log.error("Connection #{} did not release everything: internal error", connectionId, e);
        }
    }

    /** @param isHeard whether anything is said any more */
    void sayGoodbye(Goodbye last, boolean isHeard) {
        goodbye = goodbye == null ? last : goodbye;
        if (isHeard) {
            talk.dialogue.shutdown(last);
        }
    }

    /** Who was told goodbye and gave way to another has not passed it on. */
    void sayGoodbyeAgain() {
        if (goodbye != null) {
            talk.dialogue.shutdown(goodbye);
        }
    }

    /** Who is at the other end, as far as is known. */
    Peer peer() {
        return peer;
    }

    /** What the client says it is; empty if it says nothing. */
    String userAgent() {
        return userAgent.isEmpty() ? talk.dialogue.userAgent() : userAgent;
    }

    /**
     * A {@link Dialogue} and the client's bytes that it has not taken yet. It is given what came as far as it wants it, and only when
     * that is used up are more bytes asked for.
     */
    private static final class Talk<I> {

        private final Dialogue<I> dialogue;
        private final Decoder<ByteString, I> decoder;

        /** Not everything that came was read, or not its end. */
        private boolean unread;

        /** What came while the decoder was not through with what came before: another dialogue had asked for it. */
        private ByteString behind = ByteString.emptyByteString();

        private boolean ended;
        private boolean blocked;

        Talk(Dialogue<I> dialogue) {
            this.dialogue = dialogue;
            decoder = dialogue.decoder();
        }

        /** Tells the dialogue if it is news. */
        void blocked(boolean isBlocked) {
            if (isBlocked != blocked) {
                blocked = isBlocked;
                dialogue.blocked(isBlocked);
            }
        }

        /** The next bytes from the client. */
        void take(ByteString bytes) {
            if (bytes.isEmpty()) {
                return;
            }
            if (unread) {
                behind = behind.concat(bytes);
            } else {
                decoder.take(bytes);
            }
            unread = true;
        }

        /** What came for who is {@linkplain Dialogue#next next}. */
        ByteString rest() {
            return dialogue.rest().concat(behind);
        }

        /** No more bytes will come. */
        void end() {
            if (!ended) {
                ended = true;
                unread = true;
            }
        }

        /** Gives the dialogue what came, as far as it wants it. */
        void read() {
            boolean takesMore = true;
            while (takesMore && isMoreToRead()) {
                I element = decoder.next();
                if (element != null) {
                    takesMore = dialogue.take(element);
                } else if (!behind.isEmpty()) {
                    decoder.take(behind);
                    behind = ByteString.emptyByteString();
                } else {
                    unread = false;
                    dialogue.begun(decoder.begun());
                    if (ended) {
                        readEnd();
                    }
                }
            }
        }

        private void readEnd() {
            I last = decoder.last();
            if (last != null) {
                dialogue.take(last);
            }
            dialogue.inputEnded();
        }

        boolean isMoreToRead() {
            return unread && dialogue.wantsInput();
        }

        /** Whether the socket is to be read. */
        boolean wantsBytes() {
            return !unread && !ended && dialogue.wantsInput();
        }
    }
}
