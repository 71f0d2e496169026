package io.tidegate.admin;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.Addresses;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainStatus;
import io.tidegate.http.Call;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Method;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Resource;
import io.tidegate.http.Resources;
import io.tidegate.http.Routes;
import io.tidegate.http.Target;
import io.tidegate.metrics.Metrics;
import io.tidegate.wire.ErrorCode;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the admin listener serves, from before the store is opened until after it is closed. */
final class AdminRoutes implements Routes {

    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String METRICS = Metrics.MEDIA_TYPE;

    /** The next process may have the same number, as it always has in a container. */
    private static final Instant STARTED_AT =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

    /** What the resources that need the server are made of, when it is there. */
    private interface Served {
        CompletionStage<Reply> answer(Operations server, HttpRequest request, Target target) throws Problem.Refusal;
    }

    private final Metrics metrics;
    private final Map<String, Resource> console = Console.resources();
    private final Set<String> isOpen;
    private volatile @Nullable Operations server;

    private final Resources resources = Resources.of(
            withConsole(Map.ofEntries(
                    Map.entry("/livez", Resource.get(call -> now(text("live\n")))),
                    Map.entry("/readyz", Resource.get(call -> readiness())),
                    Map.entry("/metrics", Resource.get(call -> figures())),
                    Map.entry("/v1/server", Resource.get(when(AdminRoutes::about))),
                    Map.entry(
                            "/v1/connections",
                            Resource.get(when(ConnectionRoutes::list))
                                    .on(Method.DELETE, when(ConnectionRoutes::endSelected))),
                    Map.entry("/v1/connections/ended", Resource.get(when(ConnectionRoutes::ended))),
                    Map.entry(
                            "/v1/connections/*",
                            Resource.get(when(ConnectionRoutes::one))
                                    .on(Method.DELETE, when(ConnectionRoutes::endOne))),
                    Map.entry(
                            "/v1/drain",
                            Resource.get(when(DrainRoutes::status))
                                    .on(Method.POST, when(DrainRoutes::begin))
                                    .on(Method.DELETE, when(DrainRoutes::cancel))),
                    Map.entry("/v1/drain/forecast", Resource.get(when(DrainRoutes::forecast))),
                    Map.entry("/v1/drain/report", Resource.get(when(DrainRoutes::report))),
                    Map.entry("/v1/nodes", Resource.get(when(NodeRoutes::list))),
                    Map.entry("/v1/checkpoints", Resource.only(Method.POST, when(CheckpointRoutes::take))),
                    Map.entry("/v1/checkpoints/*", Resource.only(Method.DELETE, when(CheckpointRoutes::drop))),
                    Map.entry("/v1/checkpoints/*/*", Resource.get(when(CheckpointRoutes::read))),
                    Map.entry("/v1/collections", Resource.get(when(StoreRoutes::collections))),
                    Map.entry("/v1/compaction", Resource.only(Method.POST, when(StoreRoutes::compact))),
                    Map.entry("/v1/reload", Resource.only(Method.POST, when(ReloadRoutes::reload))))),
            "there are the console at /, /livez, /readyz, /metrics, /v1/server, /v1/connections, /v1/nodes, /v1/collections, /v1/drain,"
                    + " /v1/checkpoints, /v1/compaction and /v1/reload");

    /** @param openMetrics whether anybody may ask for the metrics, as for the probes and the console's files */
    AdminRoutes(Metrics metrics, boolean openMetrics) {
        this.metrics = metrics;
        Set<String> open = new HashSet<>(console.keySet());
        open.addAll(Set.of("/livez", "/readyz"));
        if (openMetrics) {
            open.add("/metrics");
        }
        isOpen = Set.copyOf(open);
    }

    private Map<String, Resource> withConsole(Map<String, Resource> api) {
        Map<String, Resource> all = new HashMap<>(console);
        all.putAll(api);
        return all;
    }

    /** From now on the server is there. */
    void serve(Operations started) {
        server = started;
    }

    @Override
    public CompletionStage<Reply> answer(Call call) throws Problem.Refusal {
        Operations started = server;
        // What only looks like one of these, by an encoded slash, is no resource at all.
        if (!isOpen.contains("/" + String.join("/", call.target().segments()))) {
            requireOperate(call, started);
        }
        CompletionStage<Reply> answer = resources.answer(call);
        return started == null
                ? answer
                : answer.thenApply(reply -> {
                    if (reply.head().status().code() < HttpResponseStatus.BAD_REQUEST.code()) {
                        Acts.tellDone(started.audit(), call);
                    }
                    return reply;
                });
    }

    private static void requireOperate(Call call, @Nullable Operations started) throws Problem.Refusal {
        try {
            call.caller().requireOperate();
        } catch (Problem.Refusal e) {
            if (started != null) {
                Acts.tellForbidden(started.audit(), call);
            }
            throw e;
        }
    }

    private Routes when(Served resource) {
        return call -> {
            Operations started = server;
            if (started == null) {
                throw starting().refusal();
            }
            return resource.answer(started, call.request(), call.target());
        };
    }

    private CompletionStage<Reply> readiness() {
        Operations started = server;
        if (started == null) {
            return now(Reply.of(starting()));
        }
        DrainStatus status = started.drainStatus();
        if (status.phase() != DrainPhase.RUNNING) {
            return now(Reply.of(Problem.unavailable(ErrorCode.DRAINING, status + ", after " + status.reason())));
        }
        String failure = started.writeFailure();
        if (failure != null) {
            return now(Reply.of(Problem.unavailable(ErrorCode.STORE_FAILED, "changes are refused: " + failure)));
        }
        String lag = started.lag();
        return now(
                lag == null
                        ? text("ready\n")
                        : Reply.of(Problem.unavailable(ErrorCode.UNAVAILABLE, "this node is not up to date: " + lag)));
    }

    private static Problem starting() {
        return Problem.unavailable(ErrorCode.STARTING, "the store is being opened: try again");
    }

    private static CompletionStage<Reply> about(Operations server, HttpRequest request, Target target)
            throws Problem.Refusal {
        target.requireOnly();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", Build.version());
        fields.put("java", Build.java());
        fields.put("pid", ProcessHandle.current().pid());
        fields.put("startedAt", STARTED_AT.toString());
        fields.put("state", server.drainStatus().phase().state());
        fields.put("tcp", Addresses.shown(server.tcpAddress()));
        fields.put("http", Addresses.shown(server.httpAddress()));
        fields.put("admin", Addresses.shown(server.adminAddress()));
        fields.put("store", server.storeDirectory());
        fields.put("position", server.position().toString());
        return now(AdminJson.reply(HttpResponseStatus.OK, fields));
    }

    private CompletionStage<Reply> figures() {
        return metrics.text()
                .thenApply(text -> AdminJson.reply(HttpResponseStatus.OK, METRICS, ByteString.fromString(text)));
    }

    private static Reply text(String text) {
        return AdminJson.reply(HttpResponseStatus.OK, TEXT, ByteString.fromString(text));
    }

    static CompletionStage<Reply> now(Reply reply) {
        return CompletableFuture.completedStage(reply);
    }
}
