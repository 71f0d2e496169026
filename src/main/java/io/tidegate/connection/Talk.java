package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.wire.Decoder;

/**
 * A {@link Dialogue} and the client's bytes that it has not taken yet. It is given what came as far as it wants it, and only when
 * that is used up are more bytes asked for. Guarded by the connection's lock.
 */
final class Talk<I> {

    private final Dialogue<I> dialogue;
    private final Decoder<ByteString, I> decoder;

    /** Not everything that came was read, or not its end. */
    private boolean unread;

    /** What came while the decoder was not through with what came before: another dialogue had asked for it. */
    private ByteString behind = ByteString.emptyByteString();

    private boolean ended;
    private boolean blocked;

    private Talk(Dialogue<I> dialogue) {
        this.dialogue = dialogue;
        decoder = dialogue.decoder();
    }

    static <I> Talk<I> of(Dialogue<I> dialogue) {
        return new Talk<>(dialogue);
    }

    Dialogue<I> dialogue() {
        return dialogue;
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
