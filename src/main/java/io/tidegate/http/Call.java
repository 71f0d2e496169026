package io.tidegate.http;

/**
 * A request as it is put to the routes.
 *
 * @param caller who asks
 */
public record Call(HttpRequest request, Target target, Caller caller) {}
