package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.connection.ConnectionSettings;
import io.tidegate.connection.Dialect;
import io.tidegate.connection.LineProtocol;
import io.tidegate.connection.SelectionLimits;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.Feed;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Framing;
import io.tidegate.feed.Steps;
import io.tidegate.feed.Stretch;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.ErrorCode;
import io.tidegate.wire.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the data listener serves: the documents, and the streams of those who follow them. */
public final class FeedRoutes implements Routes {

    static final Header NO_STORE = new Header("Cache-Control", "no-store");

    /** A stream is for this client and now: caches keep none of it, proxies neither change nor gather it. */
    private static final List<Header> AT_ONCE = List.of(
            new Header("Cache-Control", "no-store, no-cache, no-transform"),
            // nginx takes its word for it, where it would gather some kilobytes first.
            new Header("X-Accel-Buffering", "no"));

    static final String POSITION = "Tidegate-Position";

    /** In place of a selector: nothing is selected. */
    private static final String NONE = "none";

    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,8}");

    private final Feed feed;
    private final FeedPositions positions;
    private final int chunkBytes;
    private final SelectionLimits selections;

    // What followers are answered with from their response on.
    private final LineProtocol lines;
    private final LineProtocol events;

    private final Resources resources;

    /**
     * The routes to one feed.
     *
     * @param sessions serve those who follow
     * @param limits of one connection
     * @param sockets what a WebSocket client may and has to do
     * @param tickets are issued for those who cannot show a token
     */
    public FeedRoutes(
            Feed feed, LineProtocol sessions, ConnectionSettings limits, WebSocketSettings sockets, Tickets tickets) {
        this.feed = feed;
        positions = new FeedPositions(feed);
        chunkBytes = limits.writeBytes();
        selections = limits.selections();
        lines = sessions.on(new Dialect.Lines(Framing.LINES, Transport.LINES));
        events = sessions.on(new Dialect.Lines(new ServerSentEvents(feed::head), Transport.SSE));
        var bulk = new BulkRoutes(feed, limits);
        Map<String, Resource> byPath = new HashMap<>(PageRoutes.resources());
        byPath.put("/v1/collections", new CollectionRoutes(feed).collections());
        byPath.put("/v1/documents", Resource.get(this::documents));
        byPath.put("/v1/documents/*/*", new DocumentRoutes(feed, positions).document());
        byPath.put("/v1/updates", Resource.get(this::updates).on(Method.POST, bulk::publish));
        byPath.put("/v1/follow", Resource.get(this::follow));
        byPath.put("/v1/socket", Resource.open(new WebSocketRoutes(sessions, sockets)::open));
        var credentials = new CredentialRoutes(tickets);
        byPath.put("/v1/tickets", Resource.only(Method.POST, credentials::ticket));
        byPath.put("/v1/session", Resource.only(Method.POST, credentials::begin).on(Method.DELETE, credentials::end));
        resources = Resources.of(byPath, "/openapi.json says what there is");
    }

    @Override
    public CompletionStage<Reply> answer(Call call) throws Problem.Refusal {
        return resources.answer(call);
    }

    Set<String> paths() {
        return resources.paths();
    }

    // ---- documents

    private CompletionStage<Reply> documents(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        call.target().requireOnly("select", "collection", "beyond", "limit", "readable");
        Stretch stretch = new Stretch(beyond(call.target()), limit(call.target()));
        Selection asked = selection(call.target());
        Selection selection = call.target().isSet("readable")
                ? call.caller().readable(asked)
                : call.caller().reading(asked);
        String form = Media.choose(request, Media.LINES, Media.JSON);
        return reading(positions
                .awaitAtLeast(request)
                .thenCompose(there -> DocumentStream.open(feed, call.caller(), selection, stretch, chunkBytes))
                .thenApply(stream -> documents(stream, form)));
    }

    /** The document behind which they begin; null if they begin with the first. */
    private static @Nullable DocumentName beyond(Target target) throws Problem.Refusal {
        String word = target.one("beyond");
        if (word == null) {
            return null;
        }
        if (selectors(List.of(word)).get(0) instanceof Selector.One one) {
            return new DocumentName(one.collection(), one.key());
        }
        throw Problem.badRequest("beyond names one document, such as orders/o-17, whether it is there or not")
                .refusal();
    }

    private static long limit(Target target) throws Problem.Refusal {
        String most = target.one("limit");
        if (most == null) {
            return Stretch.ALL.most();
        }
        if (!LIMIT.matcher(most).matches()) {
            throw Problem.badRequest("limit is how many documents are wanted at most: a number from 1 to 999999999")
                    .refusal();
        }
        return Long.parseLong(most);
    }

    /** A reply that needs the store. */
    static CompletionStage<Reply> reading(CompletionStage<Reply> reply) {
        return reply.exceptionallyCompose(FeedRoutes::storeFailed);
    }

    private static Reply documents(DocumentStream stream, String form) {
        HttpResponse head = HttpResponse.ok()
                .with(POSITION, stream.position().toString())
                .with(List.of(NO_STORE))
                .with(form, ByteString.emptyByteString());
        return new Reply.Streamed(head, form.equals(Media.JSON) ? new JsonArray(stream) : stream);
    }

    private static CompletionStage<Reply> storeFailed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return CompletableFuture.failedStage(
                cause instanceof FeedLogException e ? unreadable(e).refusal() : cause);
    }

    private static Problem unreadable(FeedLogException e) {
        return e.isLasting()
                ? Problem.damaged("the documents cannot be read")
                : Problem.unavailable(ErrorCode.STORE_FAILED, "the documents cannot be read: try again later");
    }

    // ---- followers

    private CompletionStage<Reply> updates(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        Target target = call.target();
        target.requireOnly("after", "latest", "select", "collection");
        boolean latest = target.isSet("latest");
        Position after = after(request, target);
        Selection selection = selection(target);
        call.caller().requireReading(selection);
        Reply stream = stream(call, List.of(new Request.Updates(after, latest, selection)));
        if (after == null) {
            return CompletableFuture.completedStage(stream);
        }
        return positions
                .await(after, request)
                .thenCompose(there -> feed.isServable(after, latest ? Steps.NEWEST : Steps.EVERY)
                        ? CompletableFuture.completedStage(stream)
                        : CompletableFuture.failedStage(unavailable(after).refusal()));
    }

    private Problem unavailable(Position after) {
        if (feed.isDraining() && feed.mayCome(after)) {
            return FeedPositions.stopping();
        }
        return Problem.of(
                HttpResponseStatus.GONE,
                ErrorCode.POSITION_UNAVAILABLE,
                "the log does not hold what comes after " + after + ": use /v1/follow to start anew");
    }

    /** What is watched is asked for behind the rest, as on the line protocol: the stream of another one goes on with more. */
    private CompletionStage<Reply> follow(Call call) throws Problem.Refusal {
        Target target = call.target();
        target.requireOnly("after", "latest", "select", "collection", "watch");
        Selection selection = selection(target);
        call.caller().requireReading(selection);
        Position after = after(call.request(), target);
        if (after == null) {
            call.caller().requireSnapshot(selection);
        }
        List<Request> asked = new ArrayList<>();
        asked.add(new Request.Follow(after, target.isSet("latest"), selection));
        List<Selector> watched = selectors(target.all("watch"));
        if (!watched.isEmpty()) {
            if (selection.isAll()) {
                throw Problem.badRequest(
                                "without select or collection the stream has everything, and watch nothing to add: say"
                                        + " what it has already, or select=none")
                        .refusal();
            }
            var unused = requireAllowed(selection.with(watched));
            call.caller().requireReading(Selection.of(watched));
            call.caller().requireSnapshot(Selection.of(watched));
            asked.add(new Request.Watch(watched));
        }
        return CompletableFuture.completedStage(stream(call, asked));
    }

    private Reply stream(Call call, List<Request> asked) throws Problem.Refusal {
        String form = Media.choose(call.request(), Media.EVENT_STREAM, Media.LINES);
        ByteString beginning =
                form.equals(Media.EVENT_STREAM) ? ServerSentEvents.BEGINNING : ByteString.emptyByteString();
        HttpResponse head = HttpResponse.ok().with(AT_ONCE).with(form, beginning);
        LineProtocol followers = form.equals(Media.EVENT_STREAM) ? events : lines;
        call.caller().requirePlace();
        return new Reply.Switching(
                head, followers.answering(asked).of(call.caller().pass()));
    }

    /** The header of a stream that is taken up again, or else the parameter of the one that was asked for first. */
    private static @Nullable Position after(HttpRequest request, Target target) throws Problem.Refusal {
        String last = request.first("Last-Event-ID").orElse("");
        String after = last.isEmpty() ? target.one("after") : last;
        try {
            return after == null ? null : Position.parse(after);
        } catch (IllegalArgumentException e) {
            throw badRequest(e);
        }
    }

    // ---- what is selected

    /** What {@code select} and {@code collection} name together; everything if neither is there. */
    private Selection selection(Target target) throws Problem.Refusal {
        List<String> words = target.all("select");
        List<String> names = target.all("collection");
        if (words.contains(NONE)) {
            if (words.size() + names.size() > 1) {
                throw Problem.badRequest("select=none stands alone: it selects nothing")
                        .refusal();
            }
            return Selection.NONE;
        }
        List<Selector> selectors = new ArrayList<>(selectors(words));
        for (String name : names) {
            selectors.add(new Selector.Whole(collection(name)));
        }
        return selectors.isEmpty() ? Selection.ALL : requireAllowed(Selection.of(selectors));
    }

    private Selection requireAllowed(Selection selection) throws Problem.Refusal {
        String tooLarge = selections.refusal(selection);
        if (tooLarge != null) {
            throw Problem.of(HttpResponseStatus.BAD_REQUEST, ErrorCode.SELECTION_TOO_LARGE, tooLarge)
                    .refusal();
        }
        return selection;
    }

    private static List<Selector> selectors(List<String> words) throws Problem.Refusal {
        List<Selector> selectors = new ArrayList<>();
        for (String word : words) {
            if (Selector.KEYWORDS.contains(word) && !word.equals("after")) {
                throw Problem.badRequest(
                                word + " is no selector: a collection of that name is named by collection=" + word)
                        .refusal();
            }
            try {
                selectors.add(Selector.parse(word));
            } catch (IllegalArgumentException e) {
                throw badRequest(e);
            }
        }
        return selectors;
    }

    private static Collection collection(String name) throws Problem.Refusal {
        try {
            return new Collection(name);
        } catch (IllegalArgumentException e) {
            throw badRequest(e);
        }
    }

    private static Problem.Refusal badRequest(IllegalArgumentException e) {
        return Problem.badRequest(String.valueOf(e.getMessage())).refusal();
    }
}
