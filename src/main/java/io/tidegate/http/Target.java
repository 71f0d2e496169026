package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.PercentEncoding;
import io.tidegate.document.Visible;
import io.tidegate.wire.ErrorCode;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about: its path and its parameters, decoded. Percent-encoded is UTF-8; anything else is refused.
 *
 * @param authority who is asked, where the target says so itself; null where the header {@code Host} does
 * @param isServer whether it is {@code *}: the server as a whole
 * @param segments of the path {@code /v1/documents}: {@code v1} and {@code documents}
 * @param parameters of the query, in order
 */
public record Target(
        @Nullable Authority authority, boolean isServer, List<String> segments, List<Parameter> parameters) {

    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?]*)(.*)", Pattern.DOTALL);

    /** A {@code %} that stands for itself, as in a key of a request line it may. */
    private static final Pattern NO_OCTET = Pattern.compile("%(?!\\p{XDigit}{2})");

    private static final BitSet PATH = letters("-._~!$&'()*+,;=:@/%");
    private static final BitSet QUERY = letters("-._~!$&'()*+,;=:@/%?");
    private static final BitSet TARGET = letters("-._~!$&'()*+,;=:@/%?[]");

    private static final Target SERVER = new Target(null, true, List.of(), List.of());

    /** One of a query's; its value is empty where it has none. */
    public record Parameter(String name, String value) {}

    private static BitSet letters(String andThese) {
        var letters = new BitSet(128);
        letters.set('a', 'z' + 1);
        letters.set('A', 'Z' + 1);
        letters.set('0', '9' + 1);
        andThese.chars().forEach(letters::set);
        return letters;
    }

    /**
     * Reads the target of a request line, which has one of three forms (RFC 9112, section 3.2): a path, a URI, or {@code *} for
     * OPTIONS. The fourth is for proxies.
     *
     * @throws Problem.Refusal 400; 421 if the URI is one of https, which is not spoken here
     */
    static Target parse(String method, String raw) throws Problem.Refusal {
        if (raw.equals("*") && method.equals(Method.OPTIONS)) {
            return SERVER;
        }
        if (raw.startsWith("/")) {
            return of(null, raw);
        }
        Matcher uri = URI.matcher(raw);
        if (!uri.matches()) {
            throw malformed();
        }
        requireHttp(uri.group(1));
        Authority authority = Authority.parse(uri.group(2));
        if (authority == null || authority.isEmpty()) {
            throw malformed();
        }
        // A URI without a path has the path / (RFC 9110, section 4.2.3).
        return of(authority, uri.group(3).startsWith("/") ? uri.group(3) : "/" + uri.group(3));
    }

    /** Behind a proxy that ends TLS requests come with a path. */
    private static void requireHttp(String scheme) throws Problem.Refusal {
        if (scheme.equalsIgnoreCase("https")) {
            throw Problem.of(
                            HttpResponseStatus.MISDIRECTED_REQUEST,
                            ErrorCode.UNKNOWN_HOST,
                            "there is no TLS here: ask for a path, or a URI of http")
                    .refusal();
        }
        if (!scheme.equalsIgnoreCase("http")) {
            throw malformed();
        }
    }

    /** Whether it has only what targets may have, each escape whole; what it says may be wrong all the same. */
    static boolean isLegible(String raw) {
        return isOf(TARGET, raw) && !NO_OCTET.matcher(raw).find();
    }

    private static Target of(@Nullable Authority authority, String pathAndQuery) throws Problem.Refusal {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
        if (!isOf(PATH, path) || !isOf(QUERY, query)) {
            throw malformed();
        }
        List<String> segments = new ArrayList<>();
        if (path.length() > 1) {
            for (String segment : path.substring(1).split("/", -1)) {
                segments.add(decode(segment));
            }
        }
        return new Target(authority, false, segments, parameters(query));
    }

    private static boolean isOf(BitSet letters, String text) {
        return text.chars().allMatch(letters::get);
    }

    private static Problem.Refusal malformed() {
        return Problem.badRequest(
                        "the target of the request is malformed: send a path that begins with /, percent-encoded;"
                                + " only OPTIONS may have *")
                .refusal();
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
        if (NO_OCTET.matcher(text).find()) {
            throw undecodable();
        }
        try {
            return PercentEncoding.decode(text);
        } catch (CharacterCodingException e) {
            throw undecodable();
        }
    }

    private static Problem.Refusal undecodable() {
        return Problem.of(
                        HttpResponseStatus.BAD_REQUEST,
                        ErrorCode.INVALID_UTF8,
                        "the target of the request is not percent-encoded UTF-8: encode each part of it")
                .refusal();
    }

    /** The same without a parameter. */
    Target without(String name) {
        return new Target(
                authority,
                isServer,
                segments,
                parameters.stream()
                        .filter(parameter -> !parameter.name().equals(name))
                        .toList());
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
     * Whether a parameter is set that says yes by being there: {@code ?latest}, {@code ?latest=true}.
     *
     * @throws Problem.Refusal 400 if it has another value
     */
    public boolean isSet(String name) throws Problem.Refusal {
        String value = one(name);
        if (value != null && !value.isEmpty() && !value.equals("true")) {
            throw Problem.badRequest("the parameter " + name + " is true or is left out")
                    .refusal();
        }
        return value != null;
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
                throw Problem.badRequest("no such parameter: " + Visible.of(parameter.name()) + "; there are "
                                + (names.length == 0 ? "none" : String.join(", ", names)))
                        .refusal();
            }
        }
    }
}
