package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.PublicationId;
import io.tidegate.document.StoredDocument;
import io.tidegate.feed.Feed;
import io.tidegate.feed.Publication;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One document: reads it, puts it, deletes it. Its entity tag is the position of the update that gave it its value. */
final class DocumentRoutes {

    /** Holds always, but is looked at, which tells whether the document was there. */
    private static final Precondition EITHER = Precondition.mustNotBeAt(Set.of());

    /** Waits with one change until the feed has room for it, as long as somebody waits for the answer. */
    private static final class Room {

        private final Feed feed;
        private final Pass pass;
        private final CompletableFuture<Void> found = new CompletableFuture<>();
        private final Wakeup wakeup = new Wakeup(Runnable::run, this::look);
        private final Runnable whenAllowed = wakeup::signal;
        private volatile boolean left;

        Room(Feed feed, Pass pass) {
            this.feed = feed;
            this.pass = pass;
        }

        /** Many are woken together, and the first of them may take all there is. */
        void look() {
            wakeup.reset();
            if (left) {
                return;
            }
            if (feed.hasRoom()) {
                if (pass.mayPublish(whenAllowed)) {
                    found.complete(null);
                } else if (left) {
                    pass.waitNoMore(whenAllowed);
                }
                return;
            }
            feed.awaitRoom(wakeup);
            if (left) {
                feed.leaveRoom(wakeup);
            }
        }

        void leave() {
            left = true;
            feed.leaveRoom(wakeup);
            pass.waitNoMore(whenAllowed);
        }
    }

    private final Feed feed;
    private final FeedPositions positions;
    private final Resource document =
            Resource.get(this::read).on(Method.PUT, this::put).on(Method.DELETE, this::delete);

    DocumentRoutes(Feed feed, FeedPositions positions) {
        this.feed = feed;
        this.positions = positions;
    }

    /** {@code /v1/documents/{collection}/{key}}. */
    Resource document() {
        return document;
    }

    private CompletionStage<Reply> read(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        call.target().requireOnly();
        DocumentName name = name(call.target());
        call.caller().requireRead(name);
        Precondition match = EntityTags.ifMatch(request);
        Precondition noneMatch = EntityTags.ifNoneMatch(request);
        return FeedRoutes.reading(positions
                .awaitAtLeast(request)
                .thenCompose(there -> readable(call.caller(), name))
                .thenApply(document -> Reply.of(shown(document, match, noneMatch))));
    }

    /** The right may have ended while the position was awaited. */
    private CompletionStage<Optional<StoredDocument>> readable(Caller caller, DocumentName name) {
        try {
            caller.requireRead(name);
            return feed.read(name.collection(), name.key());
        } catch (Problem.Refusal e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static HttpResponse shown(Optional<StoredDocument> document, Precondition match, Precondition noneMatch) {
        if (document.isEmpty()) {
            return Problem.of(HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_FOUND, "there is no such document")
                    .response();
        }
        Position position = document.get().position();
        HttpResponse head = HttpResponse.ok().with(List.of(tag(position), FeedRoutes.NO_STORE));
        if (!match.holds(position)) {
            return failed(position, true).response();
        }
        if (!noneMatch.holds(position)) {
            return head.withStatus(HttpResponseStatus.NOT_MODIFIED);
        }
        return head.with(
                Media.JSON, ByteString.fromArrayUnsafe(bytes(document.get().value())));
    }

    private static byte[] bytes(Json value) {
        byte[] line = new byte[value.length() + 1];
        value.copyTo(line, 0);
        line[value.length()] = '\n';
        return line;
    }

    private CompletionStage<Reply> put(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        call.target().requireOnly();
        DocumentName name = name(call.target());
        call.caller().requireWrite(name);
        Media.requireJson(request);
        Precondition precondition = EntityTags.precondition(request).and(EITHER);
        PublicationId id = IdempotencyKey.of(request);
        return request.body().whole().thenCompose(body -> {
            try {
                Change change = put(name.collection(), name.key(), value(body));
                return positions.awaitTags(request).thenCompose(there -> publish(call, change, precondition, id));
            } catch (Problem.Refusal e) {
                return CompletableFuture.failedStage(e);
            }
        });
    }

    private static Change put(Collection collection, Key key, Json value) throws Problem.Refusal {
        try {
            return new Change.Put(collection, key, value);
        } catch (IllegalArgumentException e) {
            throw bad(ErrorCode.BAD_REQUEST, e);
        }
    }

    private static Json value(ByteString body) throws Problem.Refusal {
        try {
            return Json.ofLines(body.toArray());
        } catch (IllegalArgumentException e) {
            throw bad(ErrorCode.INVALID_JSON, e);
        }
    }

    private CompletionStage<Reply> delete(Call call) throws Problem.Refusal {
        call.target().requireOnly();
        DocumentName name = name(call.target());
        call.caller().requireWrite(name);
        var change = new Change.Delete(name.collection(), name.key());
        Precondition precondition = EntityTags.precondition(call.request());
        PublicationId id = IdempotencyKey.of(call.request());
        return positions.awaitTags(call.request()).thenCompose(there -> publish(call, change, precondition, id));
    }

    /** Publishers are held back, not refused; one connection waits with one change. */
    private CompletionStage<Reply> publish(
            Call call, Change change, Precondition precondition, @Nullable PublicationId id) {
        Pass pass = call.caller().pass();
        var room = new Room(feed, pass);
        call.request().body().whenDropped(room::leave);
        room.look();
        return room.found.thenCompose(found -> {
            if (!pass.mayWrite(change.name())) {
                // The right ended while the body came, or while there was no room.
                return CompletableFuture.failedStage(call.caller().refusal().refusal());
            }
            boolean mayRead = pass.mayRead(change.name());
            pass.published(change.weight());
            var settled = new CompletableFuture<Void>();
            Publication publication = feed.publish(change, precondition, id, () -> settled.complete(null));
            return settled.thenApply(done -> Reply.of(answer(publication, mayRead)));
        });
    }

    /** @param mayRead whether it may be told whether the document was there, and where it is */
    private HttpResponse answer(Publication publication, boolean mayRead) {
        Publication.Refusal refusal = publication.refusal();
        if (refusal == null) {
            Position position = feed.positionOf(publication.seq());
            HttpResponse done = HttpResponse.ok().with(FeedRoutes.POSITION, position.toString());
            if (publication.change() instanceof Change.Delete || !mayRead) {
                return done.withStatus(HttpResponseStatus.NO_CONTENT);
            }
            boolean isNew = publication.current() == null;
            return done.withStatus(isNew ? HttpResponseStatus.CREATED : HttpResponseStatus.NO_CONTENT)
                    .with(List.of(tag(position)));
        }
        Problem why = refusal == Publication.Refusal.PRECONDITION_FAILED
                ? failed(publication.current(), mayRead)
                : Problem.notTaken(refusal, feed);
        return why.response();
    }

    /** @param current where the document is; null if there is none */
    private static Problem failed(@Nullable Position current, boolean mayRead) {
        String state = !mayRead
                ? "the document is not yours to read, and is in a state"
                : current == null ? "there is no such document" : "the document is at " + current;
        Problem problem = Problem.of(
                HttpResponseStatus.PRECONDITION_FAILED,
                ErrorCode.PRECONDITION_FAILED,
                state + ", which is not what the request asks for: read it again");
        return current == null || !mayRead ? problem : problem.with(tag(current));
    }

    private static Header tag(Position position) {
        return new Header("ETag", EntityTags.of(position));
    }

    private static DocumentName name(Target target) throws Problem.Refusal {
        return new DocumentName(collection(target), key(target));
    }

    private static Collection collection(Target target) throws Problem.Refusal {
        try {
            return new Collection(target.segments().get(2));
        } catch (IllegalArgumentException e) {
            throw bad(ErrorCode.BAD_REQUEST, e);
        }
    }

    private static Key key(Target target) throws Problem.Refusal {
        try {
            return new Key(target.segments().get(3));
        } catch (IllegalArgumentException e) {
            throw bad(ErrorCode.BAD_REQUEST, e);
        }
    }

    private static Problem.Refusal bad(ErrorCode code, IllegalArgumentException e) {
        return Problem.of(HttpResponseStatus.BAD_REQUEST, code, String.valueOf(e.getMessage()))
                .refusal();
    }
}
