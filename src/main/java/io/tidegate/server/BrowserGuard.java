package io.tidegate.server;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Host;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Routes;
import io.tidegate.http.Target;
import io.tidegate.wire.ErrorCode;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps pages of other sites from using a person's browser to reach the admin listener, which the browser can and they cannot.
 *
 * <p>A page can send requests to any address, though not read the answers; so what changes something must not come from a
 * foreign origin. A page whose site points its own name at this address can read, too; so the name by which the listener is
 * asked must be known. An address is no name, and nobody can point it elsewhere.
 */
final class BrowserGuard implements Routes {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.OPTIONS);

    private final Routes routes;
    private final Set<String> hosts;

    /**
     * Guards routes.
     *
     * @param hosts the known names, in lower case
     */
    BrowserGuard(Routes routes, Set<String> hosts) {
        this.routes = routes;
        this.hosts = hosts;
    }

    @Override
    public CompletionStage<Reply> answer(HttpRequest request, Target target) throws Problem.Refusal {
        requireKnownHost(request);
        if (!SAFE.contains(request.method())) {
            requireNoForeignOrigin(request);
        }
        return routes.answer(request, target);
    }

    /** A client that names no host is no browser. */
    private void requireKnownHost(HttpRequest request) throws Problem.Refusal {
        akka.http.javadsl.model.Host host =
                request.getHeader(Host.class).map(Host::host).orElse(null);
        if (host != null
                && host.isNamedHost()
                && !host.address().isEmpty()
                && !hosts.contains(host.address().toLowerCase(Locale.ROOT))) {
            throw Problem.of(
                            StatusCodes.MISDIRECTED_REQUEST,
                            ErrorCode.UNKNOWN_HOST,
                            "this listener is not known as " + host.address()
                                    + ": use its address, or have its operator add the name to tidegate.admin.hosts")
                    .refusal();
        }
    }

    private static void requireNoForeignOrigin(HttpRequest request) throws Problem.Refusal {
        String origin = Headers.first(request, "Origin").orElse("");
        String host = Headers.first(request, "Host").orElse("");
        if (!origin.isEmpty() && !origin.equalsIgnoreCase("http://" + host)) {
            throw Problem.of(
                            StatusCodes.FORBIDDEN,
                            ErrorCode.ORIGIN_NOT_ALLOWED,
                            "a page of another site must not do this: use a command line, or a page of this listener")
                    .refusal();
        }
    }
}
