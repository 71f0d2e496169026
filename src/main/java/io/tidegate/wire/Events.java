package io.tidegate.wire;

import static io.tidegate.document.Utf8Buffer.ascii;

import io.tidegate.document.Change;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Position;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import java.util.List;

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
    private static final byte[] RESYNC = ascii("{\"event\":\"resync\",\"reason\":");
    private static final byte[] GOODBYE = ascii("{\"event\":\"goodbye\",\"reason\":");
    private static final byte[] ERROR = ascii("{\"event\":\"error\",\"code\":");
    private static final byte[] PONG = ascii("{\"event\":\"pong\"}\n");
    private static final byte[] HELP = ascii("{\"event\":\"help\",\"requests\":["
            + "\"sync [collection...]\",\"updates [after <position>] [collection...]\","
            + "\"follow [after <position>] [collection...]\",\"put <collection> <key> <json>\","
            + "\"delete <collection> <key>\",\"ping\",\"help\",\"quit\"]}\n");
    private static final byte[] COLLECTION = ascii(",\"collection\":");
    private static final byte[] KEY = ascii(",\"key\":");
    private static final byte[] VALUE = ascii(",\"value\":");
    private static final byte[] EPOCH = ascii(",\"epoch\":");
    private static final byte[] SEQ = ascii(",\"seq\":");
    private static final byte[] DOCUMENTS = ascii(",\"documents\":");
    private static final byte[] RECONNECT_AFTER = ascii(",\"reconnectAfterMs\":");
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
        int start = target.length();
        Change change = update.change();
        target.put(change instanceof Change.Put ? PUT : DELETE).putDecimal(update.seq());
        target.put(COLLECTION).putJsonString(change.collection().name());
        target.put(KEY);
        int key = target.length() + 1;
        target.putJsonString(change.key().text());
        if (change instanceof Change.Put put) {
            target.put(VALUE).put(put.value());
        }
        target.put(END);
        return key - start;
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

    public static void resync(String reason, Utf8Buffer target) {
        target.put(RESYNC).putJsonString(reason).put(END);
    }

    public static void goodbye(String reason, Position position, long reconnectAfterMillis, Utf8Buffer target) {
        target.put(GOODBYE).putJsonString(reason);
        target.put(EPOCH).putJsonString(position.epoch()).put(SEQ).putDecimal(position.seq());
        target.put(RECONNECT_AFTER).putDecimal(reconnectAfterMillis).put(END);
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
