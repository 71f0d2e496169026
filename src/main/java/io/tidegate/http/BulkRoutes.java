package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.document.JsonText;
import io.tidegate.feed.Feed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Takes many changes in one request, a JSON object a line; see {@link BulkPublish}. */
final class BulkRoutes {

    private final Feed feed;
    private final ConnectionSettings settings;

    BulkRoutes(Feed feed, ConnectionSettings settings) {
        this.feed = feed;
        this.settings = settings;
    }

    /** {@code POST /v1/updates}. */
    CompletionStage<Reply> publish(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        call.target().requireOnly();
        call.caller().requireWriteSomething();
        Media.requireLines(request);
        var publish =
                new BulkPublish(feed, settings, call.caller(), request.body().wakeup());
        request.body().lines(publish);
        request.body().whenDropped(publish::leave);
        return publish.outcome().thenApply(outcome -> Reply.of(response(outcome)));
    }

    private HttpResponse response(BulkPublish.Outcome outcome) {
        BulkPublish.Failed failed = outcome.failed();
        if (failed == null) {
            return HttpResponse.ok().with(Media.JSON, body(outcome));
        }
        return failed.problem()
                .with("line", failed.line())
                .with("accepted", outcome.accepted())
                .response();
    }

    private ByteString body(BulkPublish.Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("accepted", outcome.accepted());
        if (outcome.accepted() > 0) {
            fields.put("position", feed.positionOf(outcome.lastSeq()).toString());
        }
        return ByteString.fromArrayUnsafe(JsonText.line(fields));
    }
}
