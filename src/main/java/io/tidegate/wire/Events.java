package io.tidegate.wire;

import static io.tidegate.document.Utf8Buffer.ascii;

import io.tidegate.document.Change;
import io.tidegate.document.Changed;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes events as they stand on the wire: one JSON object a line, its kind first. */
public final class Events {

    private static final byte[] DOCUMENT = ascii("{\"event\":\"document\",\"collection\":");
    private static final byte[] PUT = ascii("{\"event\":\"put\",\"seq\":");
    private static final byte[] DELETE = ascii("{\"event\":\"delete\",\"seq\":");
    /** How the lines of updates begin, up to the sequence number. */
    static final List<byte[]> UPDATE_BEGINNINGS = List.of(PUT, DELETE);

    private static final byte[] ACCEPTED = ascii("{\"event\":\"accepted\",\"seq\":");
    private static final byte[] HEARTBEAT = ascii("{\"event\":\"heartbeat\",\"seq\":");
    private static final byte[] SYNCED = ascii("{\"event\":\"synced\"");
    private static final byte[] SUBSCRIBED = ascii("{\"event\":\"subscribed\"");
    private static final byte[] CAUGHT_UP = ascii("{\"event\":\"caughtup\"");
    private static final byte[] WATCHING = ascii("{\"event\":\"watching\"");
    private static final byte[] UNWATCHED = ascii("{\"event\":\"unwatched\"");
    private static final byte[] SNAPSHOT = ascii("{\"event\":\"snapshot\",\"documents\":");
    private static final byte[] CONDENSED = ascii("{\"event\":\"condensed\",\"reason\":");
    private static final byte[] RESYNC = ascii("{\"event\":\"resync\",\"reason\":");
    private static final byte[] GOODBYE = ascii("{\"event\":\"goodbye\",\"reason\":");
    private static final byte[] ERROR = ascii("{\"event\":\"error\",\"code\":");
    private static final byte[] AUTHENTICATED = ascii("{\"event\":\"authenticated\",\"identity\":");
    private static final byte[] EXPIRING = ascii("{\"event\":\"expiring\",\"inMs\":");
    private static final byte[] PONG = ascii("{\"event\":\"pong\"}\n");
    private static final byte[] HELP = ascii("{\"event\":\"help\",\"requests\":["
            + "\"sync [selector...]\",\"updates [latest] [after <position>] [none | selector...]\","
            + "\"follow [latest] [after <position>] [none | selector...]\","
            + "\"watch <selector...>\",\"unwatch <selector...>\",\"put <collection> <key> [@id=<id>] <json>\","
            + "\"delete <collection> <key> [@id=<id>]\",\"auth <token>\",\"ping\",\"help\",\"quit\"]}\n");
    private static final byte[] COLLECTION = ascii(",\"collection\":");
    private static final byte[] KEY = ascii(",\"key\":");
    private static final byte[] VALUE = ascii(",\"value\":");
    private static final byte[] EPOCH = ascii(",\"epoch\":");
    private static final byte[] SEQ = ascii(",\"seq\":");
    private static final byte[] DOCUMENTS = ascii(",\"documents\":");
    private static final byte[] RECONNECT_AFTER = ascii(",\"reconnectAfterMs\":");
    private static final byte[] COME_BACK = ascii(",\"comeBack\":");
    private static final byte[] NODES = ascii(",\"nodes\":");
    private static final byte[] READ = ascii(",\"read\":");
    private static final byte[] WRITE = ascii(",\"write\":");
    private static final byte[] ADMIN = ascii(",\"admin\":");
    private static final byte[] EXPIRES_IN = ascii(",\"expiresInMs\":");
    private static final byte[] MESSAGE = ascii(",\"message\":");
    private static final byte[] END = ascii("}\n");

    private Events() {}

    public static void document(DocumentView document, Utf8Buffer target) {
        target.put(DOCUMENT).putJsonString(document.collection().name()).put(KEY);
        document.writeKey(target);
        target.put(VALUE);
        document.writeValue(target);
        target.put(END);
    }

    /**
     * Writes an update.
     *
     * @return after how many bytes the key begins, behind its quotation mark; some hundreds at most
     */
    public static int update(Update update, Utf8Buffer target) {
        Change change = update.change();
        return update(
                update.seq(),
                change.collection(),
                change.key(),
                change instanceof Change.Put put ? put.value() : null,
                target);
    }

    /** Writes a document in its newest form as the update that left it so. */
    public static void changed(Changed document, Utf8Buffer target) {
        DocumentName name = document.name();
        update(document.seq(), name.collection(), name.key(), document.value(), target);
    }

    private static int update(long seq, Collection collection, Key key, @Nullable Json value, Utf8Buffer target) {
        int start = target.length();
        target.put(value == null ? DELETE : PUT).putDecimal(seq);
        target.put(COLLECTION).putJsonString(collection.name());
        target.put(KEY);
        int keyStart = target.length() + 1;
        target.putJsonString(key.text());
        if (value != null) {
            target.put(VALUE).put(value);
        }
        target.put(END);
        return keyStart - start;
    }

    public static void accepted(long seq, Utf8Buffer target) {
        target.put(ACCEPTED).putDecimal(seq).put(END);
    }

    public static void heartbeat(long seq, Utf8Buffer target) {
        target.put(HEARTBEAT).putDecimal(seq).put(END);
    }

    /**
     * The end of a snapshot.
     *
     * @param documents how many documents came before it
     */
    public static void synced(Position position, long documents, Utf8Buffer target) {
        position(SYNCED, position, target).put(DOCUMENTS).putDecimal(documents).put(END);
    }

    public static void subscribed(Position position, Utf8Buffer target) {
        position(SUBSCRIBED, position, target).put(END);
    }

    /** A subscription has handed out everything that is committed. */
    public static void caughtUp(Position position, Utf8Buffer target) {
        position(CAUGHT_UP, position, target).put(END);
    }

    /**
     * A subscription covers more, from that position on.
     *
     * @param documents how many documents of what was added came before it
     */
    public static void watching(Position position, long documents, Utf8Buffer target) {
        position(WATCHING, position, target)
                .put(DOCUMENTS)
                .putDecimal(documents)
                .put(END);
    }

    /** A subscription covers less, from that position on. */
    public static void unwatched(Position position, Utf8Buffer target) {
        position(UNWATCHED, position, target).put(END);
    }

    /** The beginning of a snapshot that has so many documents. */
    public static void snapshot(long documents, Utf8Buffer target) {
        target.put(SNAPSHOT).putDecimal(documents).put(END);
    }

    /** What follows leaves out steps: each document that changed comes once, in its newest form. */
    public static void condensed(String reason, Utf8Buffer target) {
        target.put(CONDENSED).putJsonString(reason).put(END);
    }

    public static void resync(String reason, Utf8Buffer target) {
        target.put(RESYNC).putJsonString(reason).put(END);
    }

    /**
     * The last word.
     *
     * @param comeBack whether the client may come back, and how
     * @param nodes where else it can go on, first the one to try first; not told if there is none
     */
    public static void goodbye(
            String reason,
            Position position,
            long reconnectAfterMillis,
            String comeBack,
            List<String> nodes,
            Utf8Buffer target) {
        target.put(GOODBYE).putJsonString(reason);
        target.put(EPOCH).putJsonString(position.epoch()).put(SEQ).putDecimal(position.seq());
        target.put(RECONNECT_AFTER).putDecimal(reconnectAfterMillis);
        target.put(COME_BACK).putJsonString(comeBack);
        if (!nodes.isEmpty()) {
            strings(NODES, nodes, target);
        }
        target.put(END);
    }

    /**
     * Who the client is from here on.
     *
     * @param expiresInMillis when that ends; empty if it does not
     */
    public static void authenticated(
            String identity,
            Selection read,
            Selection write,
            boolean admin,
            OptionalLong expiresInMillis,
            Utf8Buffer target) {
        target.put(AUTHENTICATED).putJsonString(identity);
        words(READ, read, target);
        words(WRITE, write, target);
        target.put(ADMIN).put(ascii(Boolean.toString(admin)));
        expiresInMillis.ifPresent(millis -> target.put(EXPIRES_IN).putDecimal(millis));
        target.put(END);
    }

    private static void words(byte[] name, Selection selection, Utf8Buffer target) {
        strings(
                name,
                selection.isAll()
                        ? List.of("*")
                        : selection.given().stream().map(Selector::toString).toList(),
                target);
    }

    private static void strings(byte[] name, List<String> texts, Utf8Buffer target) {
        target.put(name).put((byte) '[');
        String comma = "";
        for (String text : texts) {
            target.put(ascii(comma)).putJsonString(text);
            comma = ",";
        }
        target.put((byte) ']');
    }

    /** The client's identity ends so soon. */
    public static void expiring(long inMillis, Utf8Buffer target) {
        target.put(EXPIRING).putDecimal(inMillis).put(END);
    }

    public static void error(ErrorCode code, String message, Utf8Buffer target) {
        target.put(ERROR)
                .putJsonString(code.code())
                .put(MESSAGE)
                .putJsonString(message)
                .put(END);
    }

    public static void pong(Utf8Buffer target) {
        target.put(PONG);
    }

    public static void help(Utf8Buffer target) {
        target.put(HELP);
    }

    private static Utf8Buffer position(byte[] kind, Position position, Utf8Buffer target) {
        target.put(kind).put(EPOCH).putJsonString(position.epoch());
        return target.put(SEQ).putDecimal(position.seq());
    }
}
