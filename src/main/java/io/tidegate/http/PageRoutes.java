package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The page that shows the feed, the client for pages of others, and the description of the API; they are in the program's jar.
 *
 * <p>The page may load nothing but its own files and follow nothing but this server. No other page may embed it.
 */
final class PageRoutes {

    private static final String SCRIPT = "text/javascript; charset=UTF-8";

    private static final List<Header> SAFE = List.of(
            new Header(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            new Header("Referrer-Policy", "no-referrer"),
            // With the next version of the program come other files under the same names.
            new Header("Cache-Control", "no-cache"));

    /** The modules of the client, by the paths by which they import each other. */
    private static final List<String> CLIENT = List.of(
            "client.js",
            "client/access.js",
            "client/connection.js",
            "client/events.js",
            "client/live-map.js",
            "client/writer-socket.js",
            "client/writes.js",
            "react.js");

    /** Of its content: so many octets are enough to tell one from another. */
    private static final int TAG_BYTES = 12;

    private PageRoutes() {}

    /** By their paths. */
    static Map<String, Resource> resources() {
        Map<String, Resource> byPath = new HashMap<>();
        byPath.put("/", file("text/html; charset=UTF-8", read("page/index.html")));
        byPath.put("/page.css", file("text/css; charset=UTF-8", read("page/page.css")));
        byPath.put("/page.js", file(SCRIPT, read("page/page.js")));
        byPath.put("/icon.svg", file("image/svg+xml", read("page/icon.svg")));
        byPath.put("/openapi.json", file(Media.JSON, read("openapi.json")));
        for (String module : CLIENT) {
            byPath.put("/" + module, file(SCRIPT, bare(read("js/" + module))));
        }
        return byPath;
    }

    private static Resource file(String type, byte[] content) {
        String tag = tag(content);
        HttpResponse head = HttpResponse.ok().with(SAFE).with("ETag", tag);
        HttpResponse response = head.with(type, ByteString.fromArrayUnsafe(content));
        HttpResponse unchanged = head.withStatus(HttpResponseStatus.NOT_MODIFIED);
        return Resource.get(call -> {
            call.target().requireOnly();
            return CompletableFuture.completedStage(Reply.of(isKnown(call.request(), tag) ? unchanged : response));
        });
    }

    /** Whether the client has it already; a cache or proxy on the way may have made its tag a weak one. */
    private static boolean isKnown(HttpRequest request, String tag) {
        return request.all("If-None-Match").stream()
                .flatMap(tags -> Arrays.stream(tags.split(",")))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals("W/" + tag));
    }

    private static String tag(byte[] content) {
        return "\"" + HexFormat.of().formatHex(Sha256.of(content), 0, TAG_BYTES) + "\"";
    }

    /** A module without what only its readers need: comments, which have lines of their own, and indentation. */
    private static byte[] bare(byte[] module) {
        return new String(module, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("//") && !line.startsWith("/*") && !line.startsWith("*"))
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(String name) {
        try (InputStream file = PageRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
