package io.tidegate.http;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.settings.ServerSettings;
import io.tidegate.wire.ErrorCode;

/**
 * What Akka HTTP answers to bytes that are no request. Named in its settings, it looks for the object that a Scala class of that
 * name would have.
 */
public final class ParsingErrors extends ParsingErrorHandler {

    public static final ParsingErrors MODULE$ = new ParsingErrors();

    /** How the library begins to say so, with status 400. */
    private static final String TOO_MANY_HEADERS = "HTTP message contains more than the configured limit";

    private ParsingErrors() {}

    @Override
    public HttpResponse handle(
            akka.http.scaladsl.model.StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return problem(status, error.summary()).with(HttpProtocol.NO_SNIFFING).response();
    }

    private static Problem problem(StatusCode status, String summary) {
        if (summary.startsWith(TOO_MANY_HEADERS)) {
            return Problem.of(
                    StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    ErrorCode.TOO_LARGE,
                    "more than " + HttpLayer.MAX_HEADERS + " headers: send fewer");
        }
        return switch (status.intValue()) {
            case 413, 414, 431 -> Problem.of(status, ErrorCode.TOO_LARGE, summary + ": send less");
            case 501 -> RequestLine.UNKNOWN_METHOD;
            case 505 -> RequestLine.ANOTHER_VERSION;
            default ->
                Problem.of(
                        status.intValue() < 500 ? status : StatusCodes.BAD_REQUEST,
                        ErrorCode.BAD_REQUEST,
                        summary + ": correct the request");
        };
    }
}
