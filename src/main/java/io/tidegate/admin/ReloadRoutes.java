package io.tidegate.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Media;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import java.util.concurrent.CompletionStage;

/** Files that are read anew, on the admin listener. */
final class ReloadRoutes {

    private ReloadRoutes() {}

    /** What is refused is no failure of the request: it says so, and the server goes on with what it had. */
    static CompletionStage<Reply> reload(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        Media.requireJson(request);
        return server.reload("admin")
                .thenApply(outcomes -> AdminJson.reply(
                        HttpResponseStatus.OK, outcomes.stream().map(Rows::of).toList()));
    }
}
