package io.tidegate.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.drain.DrainPhase;
import io.tidegate.drain.DrainStatus;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Media;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import io.tidegate.wire.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The drain on the admin listener: begin it, see how it goes on, cancel it, have its report. */
final class DrainRoutes {

    /** As for the setting {@code drain.announce}. */
    private static final Duration MOST_ANNOUNCED = Duration.ofHours(1);

    private DrainRoutes() {}

    static CompletionStage<Reply> status(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        return AdminRoutes.now(AdminJson.reply(HttpResponseStatus.OK, fields(server.drainStatus())));
    }

    static CompletionStage<Reply> begin(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly("announceMillis");
        Media.requireJson(request);
        server.beginDrain("admin", announcement(target.one("announceMillis")));
        return AdminRoutes.now(AdminJson.reply(HttpResponseStatus.ACCEPTED, fields(server.drainStatus())));
    }

    private static Duration announcement(@Nullable String millis) throws Problem.Refusal {
        Duration announce = Duration.ofMillis(millis == null ? 0 : ConnectionRoutes.number("announceMillis", millis));
        if (announce.compareTo(MOST_ANNOUNCED) > 0) {
            throw Problem.badRequest("announceMillis is " + MOST_ANNOUNCED.toMillis() + " at most, which is an hour")
                    .refusal();
        }
        return announce;
    }

    static CompletionStage<Reply> cancel(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        try {
            server.cancelDrain();
        } catch (IllegalStateException e) {
            throw Problem.of(HttpResponseStatus.CONFLICT, ErrorCode.NOT_CANCELLABLE, String.valueOf(e.getMessage()))
                    .refusal();
        }
        return status(server, request, target);
    }

    static CompletionStage<Reply> forecast(Operations server, HttpRequest request, Target target)
            throws Problem.Refusal {
        target.requireOnly();
        return server.forecast().thenApply(forecast -> AdminJson.reply(HttpResponseStatus.OK, Rows.of(forecast)));
    }

    /** Comes when all connections have ended; the admin listener outlives them for it. */
    static CompletionStage<Reply> report(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        return server.report().thenApply(report -> {
            Map<String, Object> fields = report.fields();
            fields.put("line", report.toString());
            return AdminJson.reply(HttpResponseStatus.OK, fields);
        });
    }

    private static Map<String, Object> fields(DrainStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("phase", status.phase().toString());
        fields.put("number", status.phase().number());
        fields.put("of", DrainPhase.last());
        fields.put("reason", status.reason());
        fields.put("open", status.open());
        fields.put("stragglers", status.stragglers());
        fields.put("announceMillis", status.announced().toMillis());
        fields.put("leftMillis", status.left().toMillis());
        fields.put("forced", status.forced());
        fields.put("cancellable", status.cancellable());
        fields.put("line", status.toString());
        return fields;
    }
}
