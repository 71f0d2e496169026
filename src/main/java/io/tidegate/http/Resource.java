package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What can be done with one resource. HEAD is answered wherever something is read by GET, OPTIONS everywhere, anything else by 405. */
public final class Resource implements Routes {

    private final Map<String, Routes> methods;

    private Resource(Map<String, Routes> methods) {
        this.methods = methods;
    }

    /** A resource that can be read; its action is also asked for HEAD, whose response is cut to its head. */
    public static Resource get(Routes action) {
        return new Resource(Map.of()).on(Method.GET, action).on(Method.HEAD, action);
    }

    /** A resource that can be opened by GET, and has nothing to read: no HEAD. */
    static Resource open(Routes action) {
        return new Resource(Map.of()).on(Method.GET, action);
    }

    /** A resource that has nothing to read. */
    public static Resource only(String method, Routes action) {
        return new Resource(Map.of()).on(method, action);
    }

    /** The same resource with another method. */
    public Resource on(String method, Routes action) {
        Map<String, Routes> more = new LinkedHashMap<>(methods);
        more.put(method, action);
        return new Resource(more);
    }

    @Override
    public CompletionStage<Reply> answer(Call call) throws Problem.Refusal {
        HttpRequest request = call.request();
        Routes action = methods.get(request.method());
        if (action != null) {
            return action.answer(call);
        }
        if (request.is(Method.OPTIONS)) {
            return CompletableFuture.completedStage(
                    Reply.of(HttpResponse.of(HttpResponseStatus.NO_CONTENT).with(List.of(allow()))));
        }
        throw Problem.of(
                        HttpResponseStatus.METHOD_NOT_ALLOWED,
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "the methods here are " + allowed())
                .with(allow())
                .refusal();
    }

    private Header allow() {
        return new Header("Allow", allowed());
    }

    private String allowed() {
        Map<String, Routes> all = new LinkedHashMap<>(methods);
        all.put(Method.OPTIONS, this);
        return String.join(", ", all.keySet());
    }
}
