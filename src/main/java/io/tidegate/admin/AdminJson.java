package io.tidegate.admin;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.JsonText;
import io.tidegate.http.HttpResponse;
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
    static Reply reply(HttpResponseStatus status, Object value) {
        return reply(status, Media.JSON, ByteString.fromArrayUnsafe(JsonText.line(value)));
    }

    static Reply reply(HttpResponseStatus status, String type, ByteString body) {
        return Reply.of(
                HttpResponse.of(status).with("Cache-Control", "no-store").with(type, body));
    }
}
