package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.settings.Section;
import io.tidegate.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages from using a person's browser to reach a listener, which the browser can and they cannot.
 *
 * <p>A site can point a name of its own at the listener's address (DNS rebinding): for the browser its pages are the listener's
 * own then, and read everything. So who asks has to ask by a host that is known. An address is no name, nobody can point it
 * elsewhere; a client that names no host is no browser.
 *
 * <p>A browser also sends what any page asks it to, and says in {@code Origin} whose page that is. Without leave in the answer
 * the page reads nothing of it; but a change would be made by then, and to WebSockets that rule does not apply. So both are
 * refused unless the page was loaded from this very host and port, or its origin is on the list.
 */
public final class BrowserGuard {

    /** To a page that asks what it may ask. */
    private static final Reply MAY_ASK = Reply.of(HttpResponse.of(HttpResponseStatus.NO_CONTENT)
            .with(List.of(
                    new Header("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE"),
                    new Header(
                            "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
                                    + FeedPositions.AT_LEAST),
                    new Header("Access-Control-Max-Age", "600"))));

    private static final Header EXPOSED =
            new Header("Access-Control-Expose-Headers", "ETag, Retry-After, Tidegate-Position, WWW-Authenticate");

    private static final Header VARY = new Header("Vary", "Origin");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");

    private static final Authority NOBODY = new Authority("", -1);

    private final String section;
    private volatile Set<String> hosts;

    /** Null where pages of other sites are given no leave at all. */
    private volatile @Nullable Set<Origin> origins;

    private BrowserGuard(String section, Set<String> hosts, @Nullable Set<Origin> origins) {
        this.section = section;
        this.hosts = hosts;
        this.origins = origins;
    }

    /** Knows and allows from now on what another one does, of the same listener. By any thread. */
    public void become(BrowserGuard other) {
        hosts = other.hosts;
        origins = other.origins;
    }

    /**
     * The guard of one listener.
     *
     * @param section where its settings are, such as {@code tidegate.http}
     * @param hosts names by which it is known, beside all addresses and {@code localhost}
     * @param origins of other sites that are given leave, such as {@code https://desk.example}: scheme, host, and port unless it
     *     is the scheme's own; null if there is no such list
     */
    public static BrowserGuard of(String section, List<String> hosts, @Nullable List<String> origins) {
        Set<String> known = new HashSet<>(Set.of("localhost"));
        hosts.forEach(name -> known.add(normal(name)));
        return new BrowserGuard(section, Set.copyOf(known), origins == null ? null : parsed(origins));
    }

    private static Set<Origin> parsed(List<String> origins) {
        return origins.stream()
                .map(Origin::parse)
                .map(origin -> Objects.requireNonNull(origin, "no origin"))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Reads {@code hosts}, which are known beside the host that the listener binds. */
    public static BrowserGuard from(Section listener, String bound) {
        return of(listener.name(), hosts(listener, bound), null);
    }

    /** Reads {@code allowed-origins}, too. */
    public static BrowserGuard withOrigins(Section listener, String bound) {
        return of(
                listener.name(),
                hosts(listener, bound),
                listener.list(
                        "allowed-origins",
                        "a list of origins, such as [\"https://desk.example\"]",
                        BrowserGuard::isOrigin));
    }

    private static List<String> hosts(Section listener, String bound) {
        List<String> hosts = new ArrayList<>(listener.list(
                "hosts", "a list of host names without ports, such as [\"desk.example\"]", BrowserGuard::isHost));
        hosts.add(bound);
        return hosts;
    }

    private static String normal(String host) {
        Authority authority = Authority.parse(host);
        return authority == null ? host.toLowerCase(Locale.ROOT) : authority.host();
    }

    /** Whether it is the name of a host, without a port. */
    static boolean isHost(String text) {
        Authority authority = Authority.parse(text);
        return authority != null
                && authority.port() < 0
                && (authority.isAddress() || NAME.matcher(text).matches());
    }

    /** Whether it is a scheme and a host, perhaps with a port, and nothing else. */
    static boolean isOrigin(String text) {
        return Origin.parse(text) != null;
    }

    /**
     * Lets through what may be asked.
     *
     * @return the answer to a page that asks what it may ask; empty if the request goes on
     */
    Optional<Reply> stop(HttpRequest request, Target target) throws Problem.Refusal {
        Authority asked = asked(request, target);
        requireKnown(asked);
        List<String> origin = request.all("Origin");
        if (origin.size() > 1) {
            throw Problem.badRequest("there is more than one Origin: send one").refusal();
        }
        if (isListed(origin)) {
            return isPreflight(request) ? Optional.of(MAY_ASK) : Optional.empty();
        }
        if (!origin.isEmpty() && mattersWhoAsks(request)) {
            requireOwnPage(origin.get(0), asked);
        }
        return Optional.empty();
    }

    /** What every answer to the request says to the page that asks, whatever the answer is. */
    List<Header> leave(HttpRequest request) {
        Set<Origin> allowed = origins;
        if (allowed == null || allowed.isEmpty()) {
            return List.of();
        }
        List<String> origin = request.all("Origin");
        return isListed(origin)
                ? List.of(new Header("Access-Control-Allow-Origin", origin.get(0)), EXPOSED, VARY)
                : List.of(VARY);
    }

    /** Whether a page asks that was loaded from whoever is asked; the request was let through. */
    static boolean isOfOwnPage(HttpRequest request, Target target) {
        List<String> origin = request.all("Origin");
        Origin page = origin.size() == 1 ? Origin.parse(origin.get(0)) : null;
        try {
            return page != null && page.isOf(asked(request, target));
        } catch (Problem.Refusal e) {
            return false;
        }
    }

    private boolean isListed(List<String> origin) {
        Origin page = origin.size() == 1 ? Origin.parse(origin.get(0)) : null;
        Set<Origin> allowed = origins;
        return page != null && allowed != null && allowed.contains(page);
    }

    /** A target that names a host does so in place of the header (RFC 9112, section 3.2.2). */
    private static Authority asked(HttpRequest request, Target target) throws Problem.Refusal {
        if (target.authority() != null) {
            return target.authority();
        }
        String host = request.first("Host").orElse("");
        Authority authority = host.isEmpty() ? NOBODY : Authority.parse(host);
        if (authority == null) {
            throw Problem.badRequest("the Host of the request is none: send a name or an address")
                    .refusal();
        }
        return authority;
    }

    private void requireKnown(Authority asked) throws Problem.Refusal {
        if (!asked.isEmpty() && !asked.isAddress() && !hosts.contains(asked.host())) {
            throw Problem.of(
                            HttpResponseStatus.MISDIRECTED_REQUEST,
                            ErrorCode.UNKNOWN_HOST,
                            "this listener is not known as " + asked.host()
                                    + ": use its address, or have its operator add the name to " + section + ".hosts")
                    .refusal();
        }
    }

    private static boolean isPreflight(HttpRequest request) {
        return request.is(Method.OPTIONS)
                && request.first("Access-Control-Request-Method").isPresent();
    }

    private void requireOwnPage(String origin, Authority asked) throws Problem.Refusal {
        Origin page = Origin.parse(origin);
        if (page == null || !page.isOf(asked)) {
            String remedy = origins == null
                    ? "use a command line, or a page of this listener"
                    : "have the operator add the origin to " + section + ".allowed-origins";
            throw Problem.of(
                            HttpResponseStatus.FORBIDDEN,
                            ErrorCode.ORIGIN_NOT_ALLOWED,
                            "pages of " + origin + " may not do this here: " + remedy)
                    .refusal();
        }
    }

    private static boolean mattersWhoAsks(HttpRequest request) {
        return !Method.SAFE.contains(request.method())
                || request.all("Upgrade").stream()
                        .anyMatch(upgrade -> upgrade.toLowerCase(Locale.ROOT).contains("websocket"));
    }
}
