package io.tidegate.http;

import io.tidegate.connection.Opening;

/** What a request is answered with. */
public sealed interface Reply {

    /** Without the bytes that follow it. */
    HttpResponse head();

    /** A response that is there as a whole. */
    record Whole(HttpResponse head) implements Reply {}

    /**
     * A response whose body is sent as the client takes it.
     *
     * @param head with the type of the body, and without a byte of it
     */
    record Streamed(HttpResponse head, Pieces body) implements Reply {}

    /**
     * The end of HTTP on this connection.
     *
     * @param head the last response: 101, or with the beginning of a body that ends with the connection
     * @param next what follows it on the connection
     */
    record Switching(HttpResponse head, Opening next) implements Reply {}

    static Reply of(HttpResponse response) {
        return new Whole(response);
    }

    static Reply of(Problem problem) {
        return new Whole(problem.response());
    }
}
