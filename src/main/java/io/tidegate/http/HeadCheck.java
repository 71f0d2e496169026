package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a head must be, its first line and its headers, beyond what the decoder asks for (RFC 9112). Whatever two readers could understand in two ways is refused:
 * of a proxy and a server that disagree where a request ends, one takes a body for the next request.
 */
final class HeadCheck {

    /** Header lines of one request; each has a name to look up. */
    static final int MAX_HEADERS = 64;

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    static final Problem LINES = Problem.badRequest(
            "a line of the head does not end by CR and LF, or goes on in the next, or has no colon, or a control character:"
                    + " correct the request");

    private static final Problem HOST =
            Problem.badRequest("a request has one Host, which is a name or an address: send one");

    private static final Problem FRAMING = Problem.badRequest(
            "it cannot be told for sure where the body ends: send one Content-Length, or Transfer-Encoding: chunked in HTTP/1.1");

    private static final Problem MANY_HEADERS = Problem.of(
            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            ErrorCode.TOO_LARGE,
            "more than " + MAX_HEADERS + " headers: send fewer");

    private static final String TOKEN = "!#$%&'*+.^_`|~-";

    private static final Pattern FORM =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\\S++) HTTP/([0-9])\\.([0-9])");

    private static final Problem ANOTHER_VERSION = Problem.of(
            HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, ErrorCode.BAD_REQUEST, "this is HTTP/1.1: ask by that");

    /** No resource here has it, whatever it is. */
    private static final Problem UNKNOWN_METHOD = Problem.of(
            HttpResponseStatus.NOT_IMPLEMENTED,
            ErrorCode.METHOD_NOT_ALLOWED,
            "no such method: there are GET, HEAD, POST, PUT, DELETE and OPTIONS");

    private HeadCheck() {}

    /** Whether requests have such a line: a known method of HTTP/1, whose minor versions are one another's (RFC 9110, 2.5). */
    static boolean isLineTaken(String line) {
        Matcher form = FORM.matcher(line);
        return form.matches() && form.group(3).equals("1") && Method.KNOWN.contains(form.group(1));
    }

    /** The answer to a request with such a line that cannot be taken, for whatever reason. */
    static Problem lineProblem(String line) {
        Matcher form = FORM.matcher(line);
        if (!form.matches()) {
            return HttpProtocol.NO_REQUEST;
        }
        if (!form.group(3).equals("1")) {
            return ANOTHER_VERSION;
        }
        return Method.KNOWN.contains(form.group(1)) ? HttpProtocol.NO_REQUEST : UNKNOWN_METHOD;
    }

    /** Whether names may have it (RFC 9110, section 5.6.2). */
    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || TOKEN.indexOf(c) >= 0;
    }

    /**
     * What is wrong with a head as it came; null if nothing is.
     *
     * @param head with its empty line, a character for each byte
     */
    static @Nullable Problem problem(String head) {
        String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
        if (!isLineTaken(lines[0])) {
            return lineProblem(lines[0]);
        }
        if (lines.length - 1 > MAX_HEADERS) {
            return MANY_HEADERS;
        }
        int framing = 0;
        for (int i = 1; i < lines.length; i++) {
            if (!isHeader(lines[i])) {
                return LINES;
            }
            framing += isFraming(lines[i]) ? 1 : 0;
        }
        // Looked at before it is decoded: the decoder takes one of two lengths for good, and drops the other.
        return framing > 1 ? FRAMING : null;
    }

    private static boolean isFraming(String line) {
        return isNamed(line, "Content-Length:") || isNamed(line, "Transfer-Encoding:");
    }

    private static boolean isNamed(String line, String nameAndColon) {
        return line.regionMatches(true, 0, nameAndColon, 0, nameAndColon.length());
    }

    private static boolean isHeader(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            return false;
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean isText = i < colon ? isToken(c) : c == '\t' || (c >= ' ' && c != 0x7f);
            if (!isText) {
                return false;
            }
        }
        return true;
    }

    /** What is wrong with a head that was decoded; null if nothing is. */
    static @Nullable Problem problem(HttpRequest request) {
        List<String> hosts = request.all("Host");
        boolean mayLackHost = request.version().equals("HTTP/1.0");
        if (hosts.size() > 1
                || (hosts.isEmpty() && !mayLackHost)
                || (hosts.size() == 1 && Authority.parse(hosts.get(0)) == null)) {
            return HOST;
        }
        return isFramed(request) ? null : FRAMING;
    }

    private static boolean isFramed(HttpRequest request) {
        List<String> lengths = request.all("Content-Length");
        List<String> encodings = request.all("Transfer-Encoding");
        if (!encodings.isEmpty()) {
            return encodings.get(0).equalsIgnoreCase("chunked")
                    && !request.version().equals("HTTP/1.0");
        }
        return lengths.isEmpty() || LENGTH.matcher(lengths.get(0)).matches();
    }

    /** Bytes of the body; -1 if it comes in chunks. */
    static long length(HttpRequest request) {
        if (!request.all("Transfer-Encoding").isEmpty()) {
            return -1;
        }
        return request.first("Content-Length").map(Long::parseLong).orElse(0L);
    }
}
