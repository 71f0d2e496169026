package io.tidegate.wire;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.PercentEncoding;
import io.tidegate.document.Position;
import io.tidegate.document.PublicationId;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one request line, word by word. */
final class RequestParser {

    private static final String REQUESTS = "sync, updates, follow, watch, unwatch, put, delete, auth, ping, help, quit";

    private static final String ID = "@id=";

    private final byte[] bytes;
    private final int end;
    private final int maxSelectionBytes;
    private int at;

    /** Where the last word began. */
    private int wordAt;

    private RequestParser(byte[] bytes, int from, int to, int maxSelectionBytes) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.maxSelectionBytes = maxSelectionBytes;
    }

    /** Reads the line between two offsets; the line's end is not part of it. */
    static Request parse(byte[] bytes, int from, int to, int maxSelectionBytes) throws RequestException {
        return new RequestParser(bytes, from, to, maxSelectionBytes).request();
    }

    private Request request() throws RequestException {
        String verb = word();
        return switch (verb) {
            case "put" -> put(verb);
            case "delete" -> last(verb, new Request.Publish(new Change.Delete(collection(verb), key(verb)), id()));
            case "sync" -> new Request.Sync(selection(word()));
            case "updates", "follow" -> subscription(verb);
            case "watch" -> new Request.Watch(selectors(verb));
            case "unwatch" -> new Request.Unwatch(selectors(verb));
            case "auth" -> last(verb, new Request.Auth(token()));
            case "ping" -> last(verb, new Request.Ping());
            case "help" -> last(verb, new Request.Help());
            case "quit" -> last(verb, new Request.Quit());
            case "" -> throw new RequestException(ErrorCode.UNKNOWN_REQUEST, "an empty line: requests are " + REQUESTS);
            default ->
                throw new RequestException(ErrorCode.UNKNOWN_REQUEST, "no such request: requests are " + REQUESTS);
        };
    }

    private Request put(String verb) throws RequestException {
        Collection collection = collection(verb);
        Key key = key(verb);
        PublicationId id = id();
        Json value = json();
        try {
            return new Request.Publish(new Change.Put(collection, key, value), id);
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Request subscription(String verb) throws RequestException {
        boolean latest = false;
        Position after = null;
        String word = word();
        while ((word.equals("latest") && !latest) || (word.equals("after") && after == null)) {
            if (word.equals("latest")) {
                latest = true;
            } else {
                after = position(word());
            }
            word = word();
        }
        Selection selection = selection(word);
        return verb.equals("follow")
                ? new Request.Follow(after, latest, selection)
                : new Request.Updates(after, latest, selection);
    }

    private static Position position(String word) throws RequestException {
        try {
            return Position.parse(word);
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Selection selection(String first) throws RequestException {
        if (first.isEmpty()) {
            return Selection.ALL;
        }
        if (!first.equals("none")) {
            return Selection.of(selectorsFrom(first));
        }
        if (!word().isEmpty()) {
            throw new RequestException(ErrorCode.BAD_REQUEST, "none stands alone: it selects nothing");
        }
        return Selection.NONE;
    }

    private List<Selector> selectors(String verb) throws RequestException {
        String first = word();
        if (first.isEmpty()) {
            throw new RequestException(
                    ErrorCode.BAD_REQUEST,
                    "words are missing: " + verb + " <collection>, <collection>/<key> or <collection>/<prefix>*");
        }
        return selectorsFrom(first);
    }

    private List<Selector> selectorsFrom(String first) throws RequestException {
        requireShort(end - wordAt + 1);
        List<Selector> selectors = new ArrayList<>();
        for (String word = first; !word.isEmpty(); word = word()) {
            selectors.add(selector(word));
        }
        return selectors;
    }

    /** Before they are read: a whole line of them would take longer than any other request. */
    private void requireShort(int bytes) throws RequestException {
        if (bytes > maxSelectionBytes) {
            throw new RequestException(
                    ErrorCode.SELECTION_TOO_LARGE,
                    "there are " + bytes + " bytes of selectors: at most " + maxSelectionBytes
                            + " are allowed, which is tidegate.connection.selection-bytes");
        }
    }

    private static String keyword(String word) {
        String meaning = " is a word of the protocol, and no selector";
        return word.equals("after")
                ? word + meaning + ": after <position> stands in front of selectors, and no collection can be named so"
                : word + meaning + ": a collection of that name is written with its first letter percent-encoded";
    }

    private static Selector selector(String word) throws RequestException {
        if (Selector.KEYWORDS.contains(word)) {
            throw new RequestException(ErrorCode.BAD_REQUEST, keyword(word));
        }
        try {
            return Selector.parse(word);
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Collection collection(String verb) throws RequestException {
        return collectionNamed(required(verb));
    }

    private static Collection collectionNamed(String name) throws RequestException {
        try {
            return new Collection(name);
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Key key(String verb) throws RequestException {
        try {
            return new Key(PercentEncoding.decode(required(verb)));
        } catch (CharacterCodingException e) {
            throw new RequestException(
                    ErrorCode.INVALID_UTF8, "what a key has as %XX is not valid UTF-8: a % itself is written %25");
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    /** No value begins with the letter that an id does. */
    private @Nullable PublicationId id() throws RequestException {
        skipSpaces();
        if (at == end || bytes[at] != '@') {
            return null;
        }
        String word = word();
        if (!word.startsWith(ID)) {
            throw new RequestException(
                    ErrorCode.BAD_REQUEST,
                    "what stands before a value with an @ is " + ID + "<id>, the id of the change");
        }
        try {
            return new PublicationId(word.substring(ID.length()));
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private void skipSpaces() {
        while (at < end && bytes[at] == ' ') {
            at++;
        }
    }

    private Json json() throws RequestException {
        try {
            return Json.of(bytes, at, end - at);
        } catch (IllegalArgumentException e) {
            throw new RequestException(ErrorCode.INVALID_JSON, e.getMessage() + keyHint(at));
        }
    }

    /** A key with a space that was not encoded is the most likely reason for a word in front of the value. */
    private String keyHint(int from) {
        boolean word = from < end && (bytes[from] < 0 || Character.isLetter(bytes[from]));
        for (int i = from; word && i < end; i++) {
            if (bytes[i] == ' ') {
                return "; a space in a key is written %20";
            }
        }
        return "";
    }

    private String token() throws RequestException {
        String token = word();
        if (token.isEmpty()) {
            throw new RequestException(ErrorCode.BAD_REQUEST, "words are missing: auth <token>");
        }
        return token;
    }

    private String required(String verb) throws RequestException {
        String word = word();
        if (word.isEmpty()) {
            String form = verb.equals("put")
                    ? "put <collection> <key> [@id=<id>] <json>"
                    : "delete <collection> <key> [@id=<id>]";
            throw new RequestException(ErrorCode.BAD_REQUEST, "words are missing: " + form);
        }
        return word;
    }

    private <T> T last(String verb, T request) throws RequestException {
        if (!word().isEmpty()) {
            throw new RequestException(
                    ErrorCode.BAD_REQUEST,
                    verb + " has too many words" + (verb.equals("delete") ? ": a space in a key is written %20" : ""));
        }
        return request;
    }

    /** The next word; empty at the end of the line. */
    private String word() throws RequestException {
        skipSpaces();
        wordAt = at;
        boolean ascii = true;
        while (at < end && bytes[at] != ' ') {
            ascii &= bytes[at] >= 0;
            at++;
        }
        return ascii
                ? new String(bytes, wordAt, at - wordAt, StandardCharsets.ISO_8859_1)
                : decode(ByteBuffer.wrap(bytes, wordAt, at - wordAt));
    }

    private static String decode(ByteBuffer word) throws RequestException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(word).toString();
        } catch (CharacterCodingException e) {
            throw new RequestException(ErrorCode.INVALID_UTF8, "a word is not valid UTF-8");
        }
    }
}
