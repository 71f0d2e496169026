package io.tidegate.admin;

import io.tidegate.http.PageFile;
import io.tidegate.http.Resource;
import java.util.List;
import java.util.Map;

/**
 * The page for operators, by which they do what the other resources offer.
 *
 * <p>Anybody may have its files, which everybody knows; what it shows, it has to ask for.
 */
final class Console {

    private static final List<String> FILES = List.of(
            "api.js",
            "confirm.js",
            "connections.js",
            "console.css",
            "dom.js",
            "drain.js",
            "ends.js",
            "feed.js",
            "format.js",
            "grid.js",
            "history.js",
            "main.js",
            "metrics.js",
            "nodes.js",
            "plots.js",
            "poll.js",
            "rows.js",
            "sign-in.js",
            "words.js");

    /** The library that draws the plots, as its jar has it. */
    private static final String PLOTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private Console() {}

    /** By their paths. */
    static Map<String, Resource> resources() {
        Map<String, Resource> byPath = PageFile.page(Console.class, "console", FILES);
        byPath.put("/console/icon.svg", PageFile.of(PageFile.class, "page/icon.svg"));
        for (String file : List.of("uPlot.esm.js", "uPlot.min.css")) {
            byPath.put("/console/uplot/" + file, PageFile.of(Console.class, PLOTS + file));
        }
        return byPath;
    }
}
