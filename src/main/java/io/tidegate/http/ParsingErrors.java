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

    private ParsingErrors() {}

    @Override
    public HttpResponse handle(
            akka.http.scaladsl.model.StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return Problem.of(blamingTheClient(status), ErrorCode.BAD_REQUEST, error.summary() + ": correct the request")
                .with(HttpProtocol.NO_SNIFFING)
                .response();
    }

    /** Akka has 501 for an unknown method and 505 for an unknown version; here what the client got wrong is a 4xx. */
    private static StatusCode blamingTheClient(StatusCode status) {
        return status.intValue() < 500 ? status : StatusCodes.BAD_REQUEST;
    }
}
