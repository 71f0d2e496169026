package io.tidegate.http;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Allow;
import io.tidegate.wire.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What can be done with one resource. HEAD is answered wherever something is read by GET, OPTIONS everywhere, anything else by 405. */
public final class Resource implements Routes {

    private final Map<HttpMethod, Routes> methods;

    private Resource(Map<HttpMethod, Routes> methods) {
        this.methods = methods;
    }

    /** A resource that can be read; its action is also asked for HEAD, whose response is cut to its head. */
    public static Resource get(Routes action) {
        return new Resource(Map.of()).on(HttpMethods.GET, action).on(HttpMethods.HEAD, action);
    }

    /** A resource that can be opened by GET, and has nothing to read: no HEAD. */
    static Resource open(Routes action) {
        return new Resource(Map.of()).on(HttpMethods.GET, action);
    }

    /** The same resource with another method. */
    public Resource on(HttpMethod method, Routes action) {
        Map<HttpMethod, Routes> more = new LinkedHashMap<>(methods);
        more.put(method, action);
        return new Resource(more);
    }

    @Override
    public CompletionStage<Reply> answer(HttpRequest request, Target target) throws Problem.Refusal {
        Routes action = methods.get(request.method());
        if (action != null) {
            return action.answer(request, target);
        }
        if (request.method().equals(HttpMethods.OPTIONS)) {
            return CompletableFuture.completedStage(Reply.of(
                    HttpResponse.create().withStatus(StatusCodes.NO_CONTENT).addHeader(allow())));
        }
        String names = Arrays.stream(allowed()).map(HttpMethod::value).collect(Collectors.joining(", "));
        throw Problem.of(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.METHOD_NOT_ALLOWED, "the methods here are " + names)
                .with(allow())
                .refusal();
    }

    private Allow allow() {
        return Allow.create(allowed());
    }

    private HttpMethod[] allowed() {
        Map<HttpMethod, Routes> all = new LinkedHashMap<>(methods);
        all.put(HttpMethods.OPTIONS, this);
        return all.keySet().toArray(HttpMethod[]::new);
    }
}
