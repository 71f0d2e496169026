package io.tidegate.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Target;
import io.tidegate.ledger.ConnectionStatus;
import io.tidegate.ledger.Verb;
import io.tidegate.ledger.Which;
import io.tidegate.wire.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The clients' connections on the admin listener: which there are, how others ended, and their end. */
final class ConnectionRoutes {

    private static final int USUAL_MOST = 20;

    private ConnectionRoutes() {}

    static CompletionStage<Reply> list(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        return server.connections()
                .list()
                .thenApply(open -> AdminJson.reply(
                        HttpResponseStatus.OK,
                        open.stream()
                                .sorted(Comparator.comparingLong(ConnectionStatus::id))
                                .map(Rows::of)
                                .toList()));
    }

    static CompletionStage<Reply> one(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly();
        long id = id(target);
        return server.connections().list().thenApply(open -> open.stream()
                .filter(connection -> connection.id() == id)
                .findAny()
                .map(connection -> AdminJson.reply(HttpResponseStatus.OK, Rows.of(connection)))
                .orElseGet(() -> Reply.of(noSuch())));
    }

    static CompletionStage<Reply> ended(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly("most");
        String most = target.one("most");
        return AdminRoutes.now(AdminJson.reply(
                HttpResponseStatus.OK,
                server.connections().ended(most == null ? USUAL_MOST : (int) number("most", most)).stream()
                        .map(Rows::of)
                        .toList()));
    }

    static CompletionStage<Reply> endOne(Operations server, HttpRequest request, Target target) throws Problem.Refusal {
        target.requireOnly("how");
        return end(server, target, Long.toString(id(target)));
    }

    static CompletionStage<Reply> endSelected(Operations server, HttpRequest request, Target target)
            throws Problem.Refusal {
        target.requireOnly("how", "id", "listener", "remote", "identity");
        List<String> which = new ArrayList<>();
        for (String by : List.of("id", "listener", "remote", "identity")) {
            String value = target.one(by);
            if (value != null) {
                which.add(by + "=" + value);
            }
        }
        if (which.size() != 1) {
            throw bad(
                    "say which connections: by id=NUMBER,NUMBER, by listener=NAME, by remote=ADDRESS or by identity=NAME");
        }
        return end(server, target, which.get(0));
    }

    private static CompletionStage<Reply> end(Operations server, Target target, String which) throws Problem.Refusal {
        String how = target.one("how");
        try {
            Verb verb = how == null ? Verb.SHUTDOWN : Verb.of(how);
            return server.connections().end(verb, Which.parse(which)).thenApply(count -> ended(verb, count));
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static Reply ended(Verb how, int count) {
        return count == 0
                ? Reply.of(noSuch())
                : AdminJson.reply(
                        HttpResponseStatus.OK, new TreeMap<>(Map.of("how", how.toString(), "connections", count)));
    }

    private static Problem noSuch() {
        return Problem.of(HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_FOUND, "no such connection is open");
    }

    private static long id(Target target) throws Problem.Refusal {
        return number("the id", target.segments().get(2));
    }

    static long number(String name, String text) throws Problem.Refusal {
        if (!text.matches("\\d{1,9}")) {
            throw bad(name + " is a whole number from 0 to 999999999, not " + text);
        }
        return Long.parseLong(text);
    }

    private static Problem.Refusal bad(String detail) {
        return Problem.badRequest(detail).refusal();
    }
}
