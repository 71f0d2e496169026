package io.tidegate.document;

import io.tidegate.MicroBenchmark;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Checking that bytes are one JSON value. */
public class JsonBenchmark extends MicroBenchmark {

    /** One document, an array of many, or text that is not ASCII. */
    @Param({"document", "array", "utf8"})
    private String content = "document";

    private byte[] bytes = new byte[0];

    @Setup
    public void fill() {
        bytes = text().getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return switch (content) {
            case "array" -> "[" + (DOCUMENT + ",").repeat(63) + DOCUMENT + "]";
            case "utf8" -> "\"" + "Grüße aus Köln, 東京 ".repeat(5) + "\"";
            default -> DOCUMENT;
        };
    }

    @Benchmark
    public Json check() {
        return Json.of(bytes, 0, bytes.length);
    }
}
