package io.tidegate.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The page that shows the feed, and the description of the API; they are in the program's jar.
 *
 * <p>The page may load nothing but its own files and follow nothing but this server. No other page may embed it.
 */
final class PageRoutes {

    private static final List<HttpHeader> SAFE = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            // With the next version of the program come other files under the same names.
            RawHeader.create("Cache-Control", "no-cache"));

    private PageRoutes() {}

    /** By their paths. */
    static Map<String, Resource> resources() {
        return Map.of(
                "/", file("page/index.html", ContentTypes.TEXT_HTML_UTF8),
                "/page.css", file("page/page.css", ContentTypes.parse("text/css; charset=UTF-8")),
                "/page.js", file("page/page.js", ContentTypes.parse("text/javascript; charset=UTF-8")),
                "/icon.svg", file("page/icon.svg", ContentTypes.parse("image/svg+xml")),
                "/openapi.json", file("openapi.json", Media.JSON));
    }

    private static Resource file(String name, ContentType type) {
        HttpResponse response =
                HttpResponse.create().addHeaders(SAFE).withEntity(HttpEntities.create(type, read(name)));
        return Resource.get((request, target) -> {
            target.requireOnly();
            return CompletableFuture.completedStage(Reply.of(response));
        });
    }

    private static ByteString read(String name) {
        try (InputStream file = PageRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return ByteString.fromArrayUnsafe(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
