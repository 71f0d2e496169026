package io.tidegate.http;

import akka.util.ByteString;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.JsonText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a browser is given for a token, which it cannot send with every request: a one-time ticket, or a cookie. */
final class CredentialRoutes {

    private static final String SET_COOKIE = "Set-Cookie";

    private static final String ONLY_HERE = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private final Tickets tickets;

    CredentialRoutes(Tickets tickets) {
        this.tickets = tickets;
    }

    /** {@code POST /v1/tickets}. */
    CompletionStage<Reply> ticket(Call call) throws Problem.Refusal {
        call.target().requireOnly();
        requireProven(call.caller());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ticket", tickets.issue(call.caller().pass().identity()));
        fields.put("expiresInMs", tickets.settings().lifetime().toMillis());
        return reply(HttpResponse.ok().with(Media.JSON, ByteString.fromArrayUnsafe(JsonText.line(fields))));
    }

    private static void requireProven(Caller caller) throws Problem.Refusal {
        if (!caller.pass().isProven() && !caller.pass().mayOperate()) {
            throw caller.refusal().refusal();
        }
    }

    /** {@code POST /v1/session}: the cookie has the token itself, so it outlives a restart and is good at every server. */
    CompletionStage<Reply> begin(Call call) throws Problem.Refusal {
        call.target().requireOnly();
        requireProven(call.caller());
        String token = Bearer.token(call.request());
        if (token == null || !Bearer.fitsCookie(token)) {
            throw Problem.badRequest(
                            "a cookie stands for a token of at most 4,000 characters: send it as Authorization:"
                                    + " Bearer")
                    .refusal();
        }
        Optional<Duration> left = call.caller().pass().left();
        return cookie(token
                + ONLY_HERE
                + left.map(each -> "; Max-Age=" + each.toSeconds()).orElse(""));
    }

    /** {@code DELETE /v1/session}. */
    CompletionStage<Reply> end(Call call) throws Problem.Refusal {
        call.target().requireOnly();
        return cookie(ONLY_HERE + "; Max-Age=0");
    }

    private static CompletionStage<Reply> cookie(String value) {
        return reply(HttpResponse.of(HttpResponseStatus.NO_CONTENT).with(SET_COOKIE, Bearer.COOKIE + "=" + value));
    }

    private static CompletionStage<Reply> reply(HttpResponse response) {
        return CompletableFuture.completedStage(Reply.of(response.with(List.of(FeedRoutes.NO_STORE))));
    }
}
