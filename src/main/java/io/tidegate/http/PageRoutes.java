package io.tidegate.http;

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

    private static final List<Header> SAFE = List.of(
            new Header(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            new Header("Referrer-Policy", "no-referrer"),
            // With the next version of the program come other files under the same names.
            new Header("Cache-Control", "no-cache"));

    private PageRoutes() {}

    /** By their paths. */
    static Map<String, Resource> resources() {
        return Map.of(
                "/", file("page/index.html", "text/html; charset=UTF-8"),
                "/page.css", file("page/page.css", "text/css; charset=UTF-8"),
                "/page.js", file("page/page.js", "text/javascript; charset=UTF-8"),
                "/icon.svg", file("page/icon.svg", "image/svg+xml"),
                "/openapi.json", file("openapi.json", Media.JSON));
    }

    private static Resource file(String name, String type) {
        HttpResponse response = HttpResponse.ok().with(SAFE).with(type, read(name));
        return Resource.get(call -> {
            call.target().requireOnly();
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
