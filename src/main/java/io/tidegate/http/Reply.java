package io.tidegate.http;

import akka.NotUsed;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.tidegate.connection.Protocol;
import java.util.function.UnaryOperator;

/** What a request is answered with. */
public sealed interface Reply {

    /** A response that is there as a whole. */
    record Whole(HttpResponse response) implements Reply {}

    /**
     * A response whose body is sent as the client takes it.
     *
     * @param head the response without its body
     * @param whenOver runs once, on the connection's stream or after it, whatever becomes of the response: to release what the
     *     body holds
     */
    record Streamed(HttpResponse head, ContentType type, Source<ByteString, NotUsed> body, Runnable whenOver)
            implements Reply {}

    /**
     * The end of HTTP on this connection.
     *
     * @param head the last response: 101, or with the beginning of a body that is delimited by the end of the connection
     * @param next what follows it on the connection
     */
    record Switching(HttpResponse head, Protocol next) implements Reply {}

    /** The same reply with another head. */
    default Reply withHead(UnaryOperator<HttpResponse> change) {
        if (this instanceof Streamed streamed) {
            return new Streamed(change.apply(streamed.head()), streamed.type(), streamed.body(), streamed.whenOver());
        }
        if (this instanceof Switching switching) {
            return new Switching(change.apply(switching.head()), switching.next());
        }
        return new Whole(change.apply(((Whole) this).response()));
    }

    static Reply of(HttpResponse response) {
        return new Whole(response);
    }

    static Reply of(Problem problem) {
        return new Whole(problem.response());
    }
}
