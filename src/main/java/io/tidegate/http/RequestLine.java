package io.tidegate.http;

import akka.http.javadsl.model.StatusCodes;
import akka.util.ByteString;
import io.tidegate.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a request that cannot be read: what is wrong with it. */
final class RequestLine {

    /** Those of RFC 9110, and PATCH; a resource that lacks one of these says which it has. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final Pattern FORM =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++) (\\S++) HTTP/([0-9])\\.([0-9])");

    static final Problem ANOTHER_VERSION =
            Problem.of(StatusCodes.HTTPVERSION_NOT_SUPPORTED, ErrorCode.BAD_REQUEST, "this is HTTP/1.1: ask by that");

    /** No resource here has it, whatever it is. */
    static final Problem UNKNOWN_METHOD = Problem.of(
            StatusCodes.NOT_IMPLEMENTED,
            ErrorCode.METHOD_NOT_ALLOWED,
            "no such method: there are GET, HEAD, POST, PUT, DELETE and OPTIONS");

    private RequestLine() {}

    /**
     * The answer to it.
     *
     * @param head all that was received of the request
     */
    static Problem problem(ByteString head) {
        int end = head.indexOf((byte) '\n');
        String line = head.take(end < 0 ? head.size() : end).decodeString(StandardCharsets.ISO_8859_1);
        Matcher form = FORM.matcher(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (!form.matches()) {
            return HttpProtocol.NO_REQUEST;
        }
        if (!form.group(3).equals("1") || form.group(4).compareTo("1") > 0) {
            return ANOTHER_VERSION;
        }
        return METHODS.contains(form.group(1)) ? HttpProtocol.NO_REQUEST : UNKNOWN_METHOD;
    }
}
