package io.tidegate.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import java.util.concurrent.CompletionStage;

/** The nodes of the feed on the admin listener. */
final class NodeRoutes {

    private NodeRoutes() {}

    static CompletionStage<Reply> list(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        return server.nodes()
                .thenApply(nodes -> AdminJson.reply(
                        HttpResponseStatus.OK, nodes.stream().map(Rows::of).toList()));
    }
}
