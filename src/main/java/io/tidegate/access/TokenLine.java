package io.tidegate.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.document.Json;
import io.tidegate.document.JsonText;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a token stands in its file: a JSON object in a line. */
final class TokenLine {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** What is wrong is told by these words only: a line may have a token or a digest where it does not belong. */
    private static final String NO_OBJECT = "allowed is a JSON object, such as {\"name\":\"desk\",\"sha256\":\"…\","
            + "\"read\":[\"orders\"],\"write\":[],\"admin\":false,\"created\":\"2026-11-29T12:00:00Z\"}";

    private TokenLine() {}

    static String of(Token token) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", token.name());
        members.put("sha256", token.digest());
        members.put("read", token.grant().read());
        members.put("write", token.grant().write());
        members.put("admin", token.grant().admin());
        if (token.expires() != null) {
            members.put("expires", token.expires().toString());
        }
        members.put("created", token.created().toString());
        return JsonText.of(members);
    }

    /** @throws IllegalArgumentException with what is wrong and what is allowed */
    static Token parse(String line) {
        Map<String, Object> members = members(line);
        Instant expires = members.containsKey("expires") ? instant("expires", members.remove("expires")) : null;
        var token = new Token(
                name(members.remove("name")),
                digest(members.remove("sha256")),
                grant(members),
                expires,
                instant("created", members.remove("created")));
        if (!members.isEmpty()) {
            throw new IllegalArgumentException(
                    "it has a member that is not known: allowed are name, sha256, read, write,"
                            + " admin, expires, created");
        }
        return token;
    }

    private static Map<String, Object> members(String line) {
        Map<String, Object> members = new HashMap<>();
        try (JsonParser json = Json.parser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException(NO_OBJECT);
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                if (members.put(name, value(json)) != null) {
                    throw new IllegalArgumentException("a member is there twice: allowed is each of them once");
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IllegalArgumentException(NO_OBJECT);
            }
        } catch (IOException e) {
            // Without its message, which may show a piece of the line.
            throw new IllegalArgumentException(NO_OBJECT, e);
        }
        return members;
    }

    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> words(json);
            default ->
                throw new IllegalArgumentException(
                        "a member is no text, list of texts, true or false: nothing else is allowed");
        };
    }

    private static List<String> words(JsonParser json) throws IOException {
        List<String> words = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw new IllegalArgumentException(
                        "a list has something in it that is no text: only texts are allowed");
            }
            words.add(json.getText());
        }
        return words;
    }

    private static String name(@Nullable Object value) {
        if (value instanceof String name && Grant.NAME.matcher(name).matches()) {
            return name;
        }
        throw new IllegalArgumentException("name: allowed are 1 to 64 letters, digits, '.', '_' and '-'");
    }

    private static String digest(@Nullable Object value) {
        if (value instanceof String digest && DIGEST.matcher(digest).matches()) {
            return digest;
        }
        throw new IllegalArgumentException(
                "sha256: allowed are 64 hexadecimal digits in small letters, as tidegate token new" + " writes them");
    }

    private static Instant instant(String member, @Nullable Object value) {
        try {
            return Instant.parse(value instanceof String text ? text : "");
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(member + ": allowed is a time such as 2026-11-29T12:00:00Z", e);
        }
    }

    private static Grant grant(Map<String, Object> members) {
        Object admin = members.getOrDefault("admin", false);
        members.remove("admin");
        if (!(admin instanceof Boolean isAdmin)) {
            throw new IllegalArgumentException("admin: allowed is true or false");
        }
        return new Grant(words("read", members.remove("read")), words("write", members.remove("write")), isAdmin);
    }

    private static List<String> words(String member, @Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        try {
            List<String> words = value instanceof List<?> list
                    ? list.stream().map(String.class::cast).toList()
                    : List.of("");
            return new Grant(words, List.of(), false).read();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(member + ": allowed is " + Grant.ALLOWED, e);
        }
    }
}
