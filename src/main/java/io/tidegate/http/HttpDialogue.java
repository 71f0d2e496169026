package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.access.Pass;
import io.tidegate.connection.Deadline;
import io.tidegate.connection.Dialogue;
import io.tidegate.connection.Opening;
import io.tidegate.connection.Peer;
import io.tidegate.document.Visible;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.FeedLogException;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Goodbye;
import io.tidegate.ledger.Transport;
import io.tidegate.wire.Decoder;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The requests of one connection, one after the other, and their answers.
 *
 * <pre>
 *            head            reply            last byte
 *   idle ───────────► asked ───────► sending ───────────► idle, or discarding what is left of a body, or the end
 *                                       └──► 101, or a stream of events: the end of HTTP, and what is spoken next
 * </pre>
 *
 * <p>It also watches the limits of time of HTTP: an idle connection, a head and a body that do not come.
 */
final class HttpDialogue implements Dialogue<HttpRequest.Part> {

    private static final Logger log = LoggerFactory.getLogger(HttpDialogue.class);

    private static final ByteString CONTINUE = ByteString.fromString("HTTP/1.1 100 Continue\r\n\r\n");

    private final Door door;
    private final Door drainingDoor;
    private final HttpSettings settings;
    private final BooleanSupplier isDraining;
    private final Wakeup wakeup;
    private final BooleanSupplier hasUnread;
    private final LongSupplier nanoClock;

    /** What the client may do by itself. */
    private final Pass connection;

    /** What who asked last may do. */
    private volatile Pass caller;

    private final RequestDecoder decoder;
    private final ResponseBytes out = new ResponseBytes();

    /** The request under way, up to the end of its response and of its body. */
    private @Nullable HttpRequest asked;

    private Door.@Nullable Question question;

    /** The request expects to be told that its body is wanted. */
    private boolean expectsContinue;

    /** What every answer to the request under way has, also one that was not made by the routes. */
    private List<Header> signature = List.of();

    private boolean inputEnded;
    private boolean draining;

    /** The client was told that no response follows, or no request can. */
    private boolean last;

    private boolean finished;
    private @Nullable Opening next;
    private String userAgent = "";
    private CloseReason endReason = CloseReason.QUIT;

    // By the clock; 0 if that is not so.
    private long idleSince;
    private long headSince;

    HttpDialogue(
            Door door,
            Door drainingDoor,
            Peer peer,
            HttpSettings settings,
            BooleanSupplier isDraining,
            Wakeup wakeup,
            BooleanSupplier hasUnread,
            LongSupplier nanoClock) {
        this.door = door;
        this.drainingDoor = drainingDoor;
        connection = door.enter(peer);
        caller = connection;
        this.settings = settings;
        this.isDraining = isDraining;
        this.wakeup = wakeup;
        this.hasUnread = hasUnread;
        this.nanoClock = nanoClock;
        idleSince = nanoClock.getAsLong();
        decoder = new RequestDecoder(settings.maxHeadBytes());
    }

    @Override
    public Decoder<ByteString, HttpRequest.Part> decoder() {
        return decoder;
    }

    // ---- input

    private boolean isAnswered() {
        return question == null && !out.isStreaming();
    }

    @Override
    public boolean wantsInput() {
        HttpRequest request = asked;
        return !finished
                && !inputEnded
                && (request == null ? !last : !awaitsCaller() && request.body().wantsMore(nanoClock.getAsLong()));
    }

    /** Nothing of a body is read before somebody can take it. */
    private boolean awaitsCaller() {
        return question != null && !question.isPut();
    }

    @Override
    public boolean take(HttpRequest.Part input) {
        HttpRequest request = asked;
        if (input instanceof HttpRequest.Part.Head head) {
            begin(head);
        } else if (input instanceof HttpRequest.Part.Piece piece && request != null) {
            request.body().take(piece.bytes(), nanoClock.getAsLong());
        } else if (input instanceof HttpRequest.Part.End && request != null) {
            request.body().end();
            endIfOver();
        } else if (input instanceof HttpRequest.Part.Malformed malformed) {
            malformed(malformed.problem());
        }
        return true;
    }

    private void malformed(Problem problem) {
        HttpRequest request = asked;
        if (request == null) {
            refuse(problem);
        } else {
            last = true;
            request.body().breakOff(problem);
            endIfOver();
        }
    }

    /** A last word to who did not ask, or not in time. */
    private void refuse(Problem problem) {
        endReason = CloseReason.REFUSED;
        out.add(ResponseHead.last(problem.response()));
        finish();
    }

    private void finish() {
        last = true;
        finished = true;
        idleSince = 0;
        headSince = 0;
    }

    @Override
    public void begun(Decoder.@Nullable Begun unfinished) {
        if (unfinished == null || asked != null) {
            headSince = 0;
        } else if (headSince == 0) {
            headSince = nanoClock.getAsLong();
        }
    }

    @Override
    public void inputEnded() {
        inputEnded = true;
        last = true;
        HttpRequest request = asked;
        if (request != null) {
            request.body().breakOff(Body.BROKEN);
            endIfOver();
        } else if (decoder.begun() != null && !finished) {
            refuse(HttpProtocol.NO_REQUEST);
        } else {
            finish();
        }
    }

    // ---- one request

    private void begin(HttpRequest.Part.Head head) {
        idleSince = 0;
        headSince = 0;
        // The server may have begun to drain, and not told this connection yet.
        draining |= isDraining.getAsBoolean();
        var body = new Body(head.length(), settings, wakeup, this::wanted);
        HttpRequest request = head.request().with(body);
        asked = request;
        userAgent = Visible.of(request.first("User-Agent").orElse(""));
        signature = door.leave(request);
        expectsContinue =
                request.has("Expect", "100-continue") && !request.version().equals("HTTP/1.0");
        // Behind a CONNECT comes what is for somebody else, and who does not know how a target is written may not know
        // where the next request begins either.
        last |= !request.isPersistent() || request.is(Method.CONNECT) || !Target.isLegible(request.target());
        question = (draining ? drainingDoor : door).ask(request, connection, known -> caller = known, wakeup::signal);
        if (draining) {
            body.hurry(HttpProtocol.BODY_NOT_AWAITED);
        }
    }

    /** Somebody takes the body. */
    private void wanted() {
        if (expectsContinue) {
            expectsContinue = false;
            out.add(CONTINUE);
        }
    }

    // ---- output

    @Override
    public @Nullable EventLines poll() {
        wakeup.reset();
        HttpRequest request = asked;
        if (request != null) {
            request.body().look();
            Reply reply = question == null ? null : question.poll();
            if (reply != null) {
                question = null;
                send(request, reply);
            }
            stream();
        }
        if (draining && isQuiet()) {
            // One that is on its way from the kernel is still answered.
            finish();
        }
        return out.take();
    }

    private void send(HttpRequest request, Reply reply) {
        HttpResponse head = reply.head().with(signature);
        boolean hasBody = !request.is(Method.HEAD);
        request.body().discard();
        if (reply instanceof Reply.Switching switching && hasBody) {
            switchTo(switching.next(), head);
        } else if (reply instanceof Reply.Streamed streamed) {
            boolean inChunks = !request.version().equals("HTTP/1.0");
            last |= !inChunks;
            out.add(ResponseHead.of(head, ResponseHead.Body.streamed(inChunks), connection(request, head)));
            if (hasBody) {
                out.stream(streamed.body(), inChunks, wakeup::signal);
            } else {
                streamed.body().close();
            }
        } else {
            out.add(ResponseHead.of(head, ResponseHead.Body.of(reply), connection(request, head)));
            if (hasBody) {
                out.add(head.body());
            }
        }
        endIfOver();
    }

    private void switchTo(Opening opening, HttpResponse head) {
        next = opening;
        boolean isUpgrade = head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        out.add(ResponseHead.of(
                head,
                isUpgrade ? ResponseHead.Body.NONE : ResponseHead.Body.UP_TO_THE_END,
                isUpgrade ? "Upgrade" : "close"));
        out.add(head.body());
        finish();
    }

    /** What the response says of the connection: after the last one it ends, and the client is told so. */
    private String connection(HttpRequest request, HttpResponse response) {
        // The drain may be the very reason of this refusal, and have begun since the request came. Any other answer
        // is not the last until the connection is told: its client may have sent the next request already.
        draining |= response.status().equals(HttpResponseStatus.SERVICE_UNAVAILABLE) && isDraining.getAsBoolean();
        if (draining && !last) {
            endReason = CloseReason.SHUTDOWN;
        }
        Body body = request.body();
        last |= draining || (!body.isOver() && (expectsContinue || !body.isRestShort()));
        if (last) {
            return "close";
        }
        return request.version().equals("HTTP/1.0") ? "keep-alive" : "";
    }

    /** The next piece of a response that is streamed. */
    private void stream() {
        try {
            if (out.fill()) {
                endIfOver();
            }
        } catch (FeedLogException | Problem.Refusal e) {
            // Damage was told by the store, once for all who come upon it; the end of a right concerns the client only.
            log.atLevel(e instanceof FeedLogException failure && !failure.isLasting() ? Level.ERROR : Level.DEBUG)
                    .log("A response is cut, the documents cannot be read: {}", e.getMessage());
            // The missing last chunk tells the client; a reset could take the chunks before with it.
            out.close();
            finish();
        }
    }

    /** The next request may come when the response and the body of the one before have ended. */
    private void endIfOver() {
        HttpRequest request = asked;
        if (request == null || !isAnswered()) {
            return;
        }
        if (last) {
            asked = null;
            finish();
        } else if (request.body().isOver()) {
            asked = null;
            idleSince = nanoClock.getAsLong();
        }
    }

    @Override
    public boolean isFinished() {
        return finished && out.isEmpty();
    }

    @Override
    public @Nullable Opening next() {
        return next;
    }

    @Override
    public ByteString rest() {
        return decoder.rest();
    }

    // ---- from outside

    @Override
    public void shutdown(Goodbye goodbye) {
        draining = true;
        if (asked != null) {
            asked.body().hurry(HttpProtocol.BODY_NOT_AWAITED);
        }
        wakeup.signal();
    }

    /** Whether no request is under way, and no byte of one. */
    private boolean isQuiet() {
        return asked == null && !finished && headSince == 0 && decoder.begun() == null && !hasUnread.getAsBoolean();
    }

    @Override
    public void heartbeat() {
        // Nobody follows anything here.
    }

    @Override
    public long idleSince() {
        return idleSince;
    }

    @Override
    public void check(long nowNanos) {
        HttpRequest request = asked;
        if (request != null) {
            if (request.body().check(nowNanos)) {
                last = true;
                endIfOver();
                wakeup.signal();
            }
        } else if (Deadline.hasPassed(headSince, settings.headTimeout(), nowNanos)) {
            refuse(HttpProtocol.HEAD_TIMED_OUT);
            wakeup.signal();
        } else if (Deadline.hasPassed(idleSince, settings.idleTimeout(), nowNanos) && isQuiet()) {
            endReason = CloseReason.IDLE;
            finish();
            wakeup.signal();
        }
    }

    @Override
    public Transport transport() {
        return Transport.HTTP;
    }

    @Override
    public String identity() {
        return caller.identity().name();
    }

    @Override
    public Peer peer(Peer known) {
        return known.askingFor(caller.address());
    }

    @Override
    public String userAgent() {
        return userAgent;
    }

    @Override
    public CloseReason endReason() {
        return endReason;
    }

    @Override
    public void close() {
        finished = true;
        headSince = 0;
        out.close();
        if (question != null) {
            question.drop();
            question = null;
        }
        if (asked != null) {
            asked.body().discard();
        }
    }
}
