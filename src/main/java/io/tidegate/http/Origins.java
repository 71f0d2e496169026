package io.tidegate.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which web pages may use the API from a browser.
 *
 * <p>A browser sends what any page asks it to, also to a server that only this machine can reach. It says in {@code Origin} whose
 * page that is (RFC 6454), and without leave in the answer lets the page read nothing of it; but a change would be made by then,
 * and to WebSockets that rule does not apply. So both are refused unless the page is the server's own or its origin is on the
 * list. Clients that are no browsers send no {@code Origin} and are not concerned.
 *
 * <p>A page counts as the server's own when it was loaded from this very address, by IP address or as {@code localhost}: a
 * foreign name that was pointed here (DNS rebinding) does not. A server behind a name has its own origin on the list.
 */
public final class Origins {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.OPTIONS);

    /** IPv4, IPv6, localhost; with a port or without. */
    private static final Pattern LITERAL =
            Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:.]+]|localhost)(:\\d+)?");

    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#\\s]+");

    private static final List<HttpHeader> PREFLIGHT = List.of(
            RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE"),
            RawHeader.create("Access-Control-Allow-Headers", "Content-Type, If-Match, If-None-Match, Last-Event-ID"),
            RawHeader.create("Access-Control-Max-Age", "600"));

    private static final HttpHeader EXPOSED =
            RawHeader.create("Access-Control-Expose-Headers", "ETag, Retry-After, Tidegate-Position");

    private final Set<String> allowed;

    private Origins(Set<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * The server's own pages, and these.
     *
     * @param allowed such as {@code https://desk.example}: scheme, host, and port unless it is the scheme's own
     */
    public static Origins of(List<String> allowed) {
        return new Origins(allowed.stream().map(Origins::normal).collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether it is a scheme and a host, perhaps with a port, and nothing else. */
    public static boolean isOrigin(String text) {
        return ORIGIN.matcher(text).matches();
    }

    /** Hosts and schemes have no case. */
    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** These routes, for the pages that may use them. */
    public Routes guard(Routes routes) {
        return (request, target) -> {
            String origin = Headers.first(request, "Origin").orElse(null);
            if (origin == null) {
                return routes.answer(request, target);
            }
            boolean listed = allowed.contains(normal(origin));
            if (listed && isPreflight(request)) {
                return CompletableFuture.completedStage(Reply.of(withLeave(
                        HttpResponse.create().withStatus(StatusCodes.NO_CONTENT).addHeaders(PREFLIGHT), origin)));
            }
            if (!listed && !isOwn(origin, request) && mattersWhoAsks(request)) {
                throw Problem.of(
                                StatusCodes.FORBIDDEN,
                                ErrorCode.ORIGIN_NOT_ALLOWED,
                                "pages of " + origin + " may not do this here: the operator can add the origin to"
                                        + " http.allowed-origins")
                        .refusal();
            }
            CompletionStage<Reply> reply = routes.answer(request, target);
            return listed ? reply.thenApply(answer -> answer.withHead(head -> withLeave(head, origin))) : reply;
        };
    }

    private static boolean isPreflight(HttpRequest request) {
        return request.method().equals(HttpMethods.OPTIONS)
                && Headers.first(request, "Access-Control-Request-Method").isPresent();
    }

    private static boolean mattersWhoAsks(HttpRequest request) {
        String upgrade = Headers.first(request, "Upgrade").orElse("");
        return !SAFE.contains(request.method()) || normal(upgrade).contains("websocket");
    }

    private static boolean isOwn(String origin, HttpRequest request) {
        String host = normal(Headers.first(request, "Host").orElse(""));
        return normal(origin).equals("http://" + host) && LITERAL.matcher(host).matches();
    }

    private static HttpResponse withLeave(HttpResponse response, String origin) {
        return response.addHeaders(List.of(
                RawHeader.create("Access-Control-Allow-Origin", origin), EXPOSED, RawHeader.create("Vary", "Origin")));
    }
}
