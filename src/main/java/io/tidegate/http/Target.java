package io.tidegate.http;

import akka.http.javadsl.model.StatusCodes;
import io.tidegate.wire.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about: its path and its parameters, decoded. Percent-encoded is UTF-8; anything else is refused.
 *
 * @param segments of the path {@code /v1/documents}: {@code v1} and {@code documents}
 * @param parameters of the query, in order
 */
public record Target(List<String> segments, List<Parameter> parameters) {

    /** One of a query's; its value is empty where it has none. */
    public record Parameter(String name, String value) {}

    /**
     * Reads the target of a request line.
     *
     * @throws Problem.Refusal 400
     */
    static Target parse(String raw) throws Problem.Refusal {
        String target = withoutAuthority(raw);
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        List<String> segments = new ArrayList<>();
        if (path.length() > 1) {
            for (String segment : path.substring(path.startsWith("/") ? 1 : 0).split("/", -1)) {
                segments.add(decode(segment));
            }
        }
        return new Target(segments, query < 0 ? List.of() : parameters(target.substring(query + 1)));
    }

    /** Also {@code http://host/path} is a target. */
    private static String withoutAuthority(String raw) {
        int scheme = raw.indexOf("://");
        if (raw.startsWith("/") || scheme < 0) {
            return raw;
        }
        int path = raw.indexOf('/', scheme + 3);
        return path < 0 ? "/" : raw.substring(path);
    }

    private static List<Parameter> parameters(String query) throws Problem.Refusal {
        List<Parameter> parameters = new ArrayList<>();
        for (String each : query.split("&", -1)) {
            if (!each.isEmpty()) {
                int equals = each.indexOf('=');
                String name = equals < 0 ? each : each.substring(0, equals);
                parameters.add(new Parameter(decode(name), equals < 0 ? "" : decode(each.substring(equals + 1))));
            }
        }
        return parameters;
    }

    private static String decode(String text) throws Problem.Refusal {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '%') {
                bytes.write(octet(text, at + 1));
                at += 2;
            } else {
                bytes.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw undecodable();
        }
    }

    private static int octet(String text, int at) throws Problem.Refusal {
        int high = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw undecodable();
        }
        return high << 4 | low;
    }

    private static Problem.Refusal undecodable() {
        return Problem.of(
                        StatusCodes.BAD_REQUEST,
                        ErrorCode.INVALID_UTF8,
                        "the target of the request is not percent-encoded UTF-8: encode each part of it")
                .refusal();
    }

    /** The values of a parameter that may be repeated. */
    public List<String> all(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .toList();
    }

    /**
     * The value of a parameter; null if it is not there.
     *
     * @throws Problem.Refusal 400 if it is there twice
     */
    public @Nullable String one(String name) throws Problem.Refusal {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw Problem.badRequest("the parameter " + name + " is given more than once: give it once")
                    .refusal();
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * Refuses parameters with other names, which would otherwise be ignored in silence.
     *
     * @throws Problem.Refusal 400
     */
    public void requireOnly(String... names) throws Problem.Refusal {
        Set<String> known = Set.of(names);
        for (Parameter parameter : parameters) {
            if (!known.contains(parameter.name())) {
                throw Problem.badRequest("no such parameter: " + parameter.name() + "; there are "
                                + (names.length == 0 ? "none" : String.join(", ", names)))
                        .refusal();
            }
        }
    }
}
