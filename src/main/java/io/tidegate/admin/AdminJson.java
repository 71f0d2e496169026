package io.tidegate.admin;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.util.ByteString;
import io.tidegate.document.JsonText;
import io.tidegate.http.Media;
import io.tidegate.http.Reply;

/** Answers of the admin listener: fields and lists of them as JSON. They are never kept by anybody on their way. */
final class AdminJson {

    private AdminJson() {}

    /**
     * An answer.
     *
     * @param value of maps with names as their keys, lists, strings, numbers and truth values
     */
    static Reply reply(StatusCode status, Object value) {
        return reply(status, Media.JSON, ByteString.fromArrayUnsafe(JsonText.line(value)));
    }

    static Reply reply(StatusCode status, ContentType type, ByteString body) {
        return Reply.of(HttpResponse.create()
                .withStatus(status)
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(type, body));
    }
}
