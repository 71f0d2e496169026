package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response.
 *
 * @param headers but for those that its body and the connection give it
 * @param type of the body; empty if there is none
 */
public record HttpResponse(HttpResponseStatus status, List<Header> headers, String type, ByteString body) {

    /** One without headers and without a body. */
    public static HttpResponse of(HttpResponseStatus status) {
        return new HttpResponse(status, List.of(), "", ByteString.emptyByteString());
    }

    /** The usual one: 200. */
    public static HttpResponse ok() {
        return of(HttpResponseStatus.OK);
    }

    /** The same with one more header. */
    public HttpResponse with(String name, String value) {
        return with(List.of(new Header(name, value)));
    }

    /** The same with more headers. */
    public HttpResponse with(List<Header> more) {
        List<Header> all = new ArrayList<>(headers);
        all.addAll(more);
        return new HttpResponse(status, List.copyOf(all), type, body);
    }

    /** The same with a body. */
    public HttpResponse with(String bodyType, ByteString bytes) {
        return new HttpResponse(status, headers, bodyType, bytes);
    }

    /** The value of the first header with this name. */
    public Optional<String> first(String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .findFirst();
    }

    HttpResponse withStatus(HttpResponseStatus other) {
        return new HttpResponse(other, headers, type, body);
    }
}
