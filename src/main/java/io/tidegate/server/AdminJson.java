package io.tidegate.server;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.util.ByteString;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.http.Media;
import io.tidegate.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Answers of the admin listener: fields and lists of them as JSON. They are never kept by anybody on their way. */
final class AdminJson {

    private AdminJson() {}

    /**
     * An answer.
     *
     * @param value of maps with names as their keys, lists, strings, numbers and truth values
     */
    static Reply reply(StatusCode status, Object value) {
        var json = new Utf8Buffer(1024);
        put(value, json);
        json.put((byte) '\n');
        return reply(status, Media.JSON, ByteString.fromArrayUnsafe(json.toArray()));
    }

    static Reply reply(StatusCode status, ContentType type, ByteString body) {
        return Reply.of(HttpResponse.create()
                .withStatus(status)
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(type, body));
    }

    private static void put(Object value, Utf8Buffer json) {
        if (value instanceof Map<?, ?> fields) {
            char before = '{';
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.put((byte) before)
                        .putJsonString(String.valueOf(field.getKey()))
                        .put((byte) ':');
                put(field.getValue(), json);
                before = ',';
            }
            json.put(ascii(fields.isEmpty() ? "{}" : "}"));
        } else if (value instanceof List<?> values) {
            char before = '[';
            for (Object each : values) {
                json.put((byte) before);
                put(each, json);
                before = ',';
            }
            json.put(ascii(values.isEmpty() ? "[]" : "]"));
        } else if (value instanceof Number || value instanceof Boolean) {
            json.put(ascii(value.toString()));
        } else {
            json.putJsonString(value.toString());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
