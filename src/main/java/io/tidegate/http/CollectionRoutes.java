package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.document.JsonText;
import io.tidegate.document.Selection;
import io.tidegate.feed.CollectionSize;
import io.tidegate.feed.CollectionSizes;
import io.tidegate.feed.Feed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Which collections there are, and how much is in each, as far as somebody may read it. */
final class CollectionRoutes {

    private final Feed feed;

    CollectionRoutes(Feed feed) {
        this.feed = feed;
    }

    Resource collections() {
        return Resource.get(this::list);
    }

    private CompletionStage<Reply> list(Call call) throws Problem.Refusal {
        call.target().requireOnly();
        Selection readable = call.caller().reading(Selection.ALL);
        String form = Media.choose(call.request(), Media.JSON, Media.LINES);
        // All documents are read for it, as for a snapshot.
        Runnable place = call.caller().takeSnapshot(readable);
        CompletableFuture<CollectionSizes> count = feed.collections(readable);
        call.request().body().whenDropped(() -> count.cancel(false));
        return FeedRoutes.reading(
                count.whenComplete((sizes, failure) -> place.run()).thenApply(sizes -> Reply.of(answer(sizes, form))));
    }

    private HttpResponse answer(CollectionSizes sizes, String form) {
        return HttpResponse.ok()
                .with(FeedRoutes.POSITION, feed.positionAt(sizes.seq()).toString())
                .with(List.of(FeedRoutes.NO_STORE))
                .with(form, ByteString.fromArrayUnsafe(body(sizes, form)));
    }

    private static byte[] body(CollectionSizes sizes, String form) {
        if (form.equals(Media.JSON)) {
            return JsonText.line(
                    sizes.collections().stream().map(CollectionSize::fields).toList());
        }
        return sizes.collections().stream()
                .map(each -> JsonText.of(each.fields()) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }
}
