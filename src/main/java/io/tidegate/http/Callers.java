package io.tidegate.http;

import io.tidegate.access.Access;
import io.tidegate.access.Attempt;
import io.tidegate.access.Pass;
import io.tidegate.access.Token;
import io.tidegate.connection.Peer;
import io.tidegate.ledger.Transport;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks: by what the request shows, or else by what the connection did.
 *
 * <p>A token in a URL is no way: it would stand in logs and histories. What a browser can send nowhere else, an
 * {@code EventSource} and a WebSocket, has a ticket or the cookie.
 */
public final class Callers {

    /** Resources that a browser reads on its own, without headers of a page. */
    private static final Set<String> FOR_BROWSERS = Set.of("collections", "documents", "follow", "updates", "socket");

    private static final Set<String> TOKEN_PARAMETERS = Set.of("token", "access_token", "authorization");

    private static final String TICKET = "ticket";

    private final Access access;
    private final @Nullable Tickets tickets;
    private final ForwardedFor forwarded;

    private Callers(Access access, @Nullable Tickets tickets, ForwardedFor forwarded) {
        this.access = access;
        this.tickets = tickets;
        this.forwarded = forwarded;
    }

    /** Those who show tokens, or certificates. */
    public static Callers of(Access access) {
        return new Callers(access, null, ForwardedFor.NONE);
    }

    /** Browsers among them, with tickets and cookies. */
    public static Callers withBrowsers(Access access, Tickets tickets) {
        return new Callers(access, tickets, ForwardedFor.NONE);
    }

    /** The same, of whom some ask by proxies. */
    public Callers behind(ForwardedFor proxies) {
        return new Callers(access, tickets, proxies);
    }

    /** Nobody is looked at more closely: everybody gets the same answer. */
    Callers unasked() {
        return new Callers(Access.OPEN, null, forwarded);
    }

    /** What the client of a connection may do that shows nothing more. */
    Pass enter(Peer peer) {
        return access.enter(peer.address().getAddress(), peer.certificates());
    }

    /**
     * The request, and who asks.
     *
     * @param peer what the client of the connection may do by itself
     * @return may fail with {@link Problem.Refusal}
     */
    CompletionStage<Call> call(HttpRequest request, Target target, Pass peer) throws Problem.Refusal {
        Pass connection = peer.from(forwarded.origin(request, peer.address()));
        requireNoToken(target);
        boolean isForBrowsers = tickets != null && isForBrowsers(request, target);
        String ticket = isForBrowsers && request.is(Method.GET) ? target.one(TICKET) : null;
        Target rest = ticket == null ? target : target.without(TICKET);
        if (access.authenticator().isOpen()) {
            return now(new Call(request, rest, new Caller(connection)));
        }
        String token = Bearer.token(request);
        if (ticket != null && token != null) {
            throw Problem.badRequest("there is a token and a ticket: send one of them")
                    .refusal();
        }
        if (ticket != null) {
            return now(called(request, rest, redeem(ticket, connection), connection));
        }
        if (token == null && isForBrowsers) {
            token = Bearer.cookie(request, target);
        }
        if (token == null) {
            return now(new Call(request, rest, new Caller(connection)));
        }
        return connection.show(token, Transport.HTTP.code()).thenCompose(attempt -> {
            try {
                return now(called(request, rest, attempt, connection));
            } catch (Problem.Refusal e) {
                return CompletableFuture.failedStage(e);
            }
        });
    }

    private static CompletionStage<Call> now(Call call) {
        return CompletableFuture.completedStage(call);
    }

    private static void requireNoToken(Target target) throws Problem.Refusal {
        for (Target.Parameter parameter : target.parameters()) {
            if (TOKEN_PARAMETERS.contains(parameter.name().toLowerCase(Locale.ROOT))
                    || (parameter.name().equals(TICKET) && parameter.value().startsWith(Token.PREFIX))) {
                throw Problem.badRequest("a token in a URL ends up in logs, so it is not taken, and should be replaced:"
                                + " send Authorization: Bearer, or take a ticket by POST /v1/tickets")
                        .refusal();
            }
        }
    }

    private static boolean isForBrowsers(HttpRequest request, Target target) {
        List<String> path = target.segments();
        return (request.is(Method.GET) || request.is(Method.HEAD))
                && path.size() > 1
                && path.get(0).equals("v1")
                && FOR_BROWSERS.contains(path.get(1));
    }

    private Attempt redeem(String ticket, Pass connection) {
        return access.showAgain(
                tickets == null ? null : tickets.take(ticket), connection.address(), Transport.HTTP.code());
    }

    private Call called(HttpRequest request, Target target, Attempt attempt, Pass connection) throws Problem.Refusal {
        if (attempt instanceof Attempt.Succeeded succeeded) {
            Pass pass = access.passOf(succeeded.identity(), connection.address());
            return new Call(request, target, new Caller(pass));
        }
        Problem problem = attempt instanceof Attempt.Refused ? Caller.TOO_MANY_FAILURES : Caller.INVALID;
        throw problem.refusal();
    }
}
