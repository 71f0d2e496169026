package io.tidegate.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Headers of a request, by name, in whatever case. */
public final class Headers {

    private Headers() {}

    /** The values of all lines with this name, in order. */
    static List<String> all(HttpRequest request, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is(wanted))
                .map(HttpHeader::value)
                .toList();
    }

    /** The value of the first line with this name. */
    public static Optional<String> first(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }
}
