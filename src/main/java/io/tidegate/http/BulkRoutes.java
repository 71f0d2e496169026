package io.tidegate.http;

import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Materializer;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.Feed;
import io.tidegate.wire.LineDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** Takes many changes in one request, a JSON object a line; see {@link Publishing}. */
final class BulkRoutes {

    private static final ByteString NEWLINE = ByteString.fromString("\n");

    private final Feed feed;
    private final ConnectionSettings settings;
    private final Materializer materializer;

    BulkRoutes(Feed feed, ConnectionSettings settings, Materializer materializer) {
        this.feed = feed;
        this.settings = settings;
        this.materializer = materializer;
    }

    /** {@code POST /v1/updates}. */
    CompletionStage<Reply> publish(HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        Media.requireLines(request);
        // The body says itself where it ends, so its last line needs no end of its own.
        return Body.of(request)
                .lines()
                .concat(Source.single(NEWLINE))
                .via(LineDecoder.stage(settings.maxLineBytes()))
                .runWith(new Publishing(feed, settings.pipelinedRequests(), settings.pipelinedBytes()), materializer)
                .thenApply(outcome -> Reply.of(response(outcome)));
    }

    private HttpResponse response(Publishing.Outcome outcome) {
        Publishing.Failed failed = outcome.failed();
        if (failed == null) {
            return HttpResponse.create().withEntity(HttpEntities.create(Media.JSON, body(outcome)));
        }
        return failed.problem()
                .with("line", failed.line())
                .with("accepted", outcome.accepted())
                .response();
    }

    private ByteString body(Publishing.Outcome outcome) {
        var json = new Utf8Buffer(64);
        json.put(ascii("{\"accepted\":")).putDecimal(outcome.accepted());
        if (outcome.accepted() > 0) {
            json.put(ascii(",\"position\":"))
                    .putJsonString(feed.positionAt(outcome.lastSeq()).toString());
        }
        json.put(ascii("}\n"));
        return ByteString.fromArrayUnsafe(json.toArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
