package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A file of a page of the server's own; it is in the program's jar.
 *
 * <p>The page may load nothing but its own files and ask nobody but this server. No other page may embed it.
 */
public final class PageFile {

    private static final List<Header> SAFE = List.of(
            new Header(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            new Header("Referrer-Policy", "no-referrer"),
            // With the next version of the program come other files under the same names.
            new Header("Cache-Control", "no-cache"));

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=UTF-8",
            "css", "text/css; charset=UTF-8",
            "js", "text/javascript; charset=UTF-8",
            "svg", "image/svg+xml",
            "json", Media.JSON);

    /** Of its content: so many octets are enough to tell one from another. */
    private static final int TAG_BYTES = 12;

    private PageFile() {}

    /**
     * A file that is served as it is.
     *
     * @param beside where the file is, unless its name begins with a slash
     * @param name its end says what is in it
     */
    public static Resource of(Class<?> beside, String name) {
        return of(name, read(beside, name));
    }

    /**
     * A page, as {@code index.html} in a directory of its own, and the files that are there with it, which it names by that.
     *
     * @param beside where the directory is
     * @return by their paths
     */
    public static Map<String, Resource> page(Class<?> beside, String directory, List<String> names) {
        Map<String, Resource> byPath = new HashMap<>();
        byPath.put("/", of(beside, directory + "/index.html"));
        for (String name : names) {
            byPath.put("/" + directory + "/" + name, of(beside, directory + "/" + name));
        }
        return byPath;
    }

    /** A file with this content; the end of its name says what that is. */
    static Resource of(String name, byte[] content) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("nobody says what is in " + name);
        }
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

    static byte[] read(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
