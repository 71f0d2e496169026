package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a request: whether it is taken, and if not, what is wrong with it. */
final class RequestLine {

    private static final String TOKEN = "!#$%&'*+.^_`|~-";

    private static final Pattern FORM =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\\S++) HTTP/([0-9])\\.([0-9])");

    static final Problem ANOTHER_VERSION = Problem.of(
            HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, ErrorCode.BAD_REQUEST, "this is HTTP/1.1: ask by that");

    /** No resource here has it, whatever it is. */
    static final Problem UNKNOWN_METHOD = Problem.of(
            HttpResponseStatus.NOT_IMPLEMENTED,
            ErrorCode.METHOD_NOT_ALLOWED,
            "no such method: there are GET, HEAD, POST, PUT, DELETE and OPTIONS");

    private RequestLine() {}

    /** Whether requests have such a line: a known method of HTTP/1, whose minor versions are one another's (RFC 9110, 2.5). */
    static boolean isTaken(String line) {
        Matcher form = FORM.matcher(line);
        return form.matches() && form.group(3).equals("1") && Method.KNOWN.contains(form.group(1));
    }

    /** The answer to a request with such a line that cannot be taken, for whatever reason. */
    static Problem problem(String line) {
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
    static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || TOKEN.indexOf(c) >= 0;
    }
}
