package io.tidegate.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page that shows the feed, the client for pages of others, and the description of the API. */
final class PageRoutes {

    /** The files of the page, beside itself, by the paths by which they name each other. */
    private static final List<String> PAGE = List.of(
            "collections.js",
            "counts.js",
            "documents.js",
            "dom.js",
            "draft.js",
            "editor.js",
            "first-steps.js",
            "flow.js",
            "history.js",
            "icon.svg",
            "json.js",
            "keys.js",
            "listing.js",
            "names.js",
            "page.css",
            "page.js",
            "proof.js",
            "rate.js",
            "reader.js",
            "selection.js",
            "sign-in.js",
            "stream.js",
            "tree.js",
            "whole.css",
            "whole.js");

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

    private PageRoutes() {}

    /** By their paths. */
    static Map<String, Resource> resources() {
        Map<String, Resource> byPath = PageFile.page(PageRoutes.class, "page", PAGE);
        byPath.put("/openapi.json", PageFile.of(PageRoutes.class, "openapi.json"));
        for (String module : CLIENT) {
            byPath.put("/" + module, PageFile.of(module, bare(PageFile.read(PageRoutes.class, "js/" + module))));
        }
        return byPath;
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
}
