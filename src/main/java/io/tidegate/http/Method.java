package io.tidegate.http;

import java.util.Set;

/** The methods of requests, by their names. */
public final class Method {

    public static final String GET = "GET";
    public static final String HEAD = "HEAD";
    public static final String POST = "POST";
    public static final String PUT = "PUT";
    public static final String DELETE = "DELETE";
    public static final String OPTIONS = "OPTIONS";

    /** For proxies. */
    static final String CONNECT = "CONNECT";

    /** Those that change nothing (RFC 9110, section 9.2.1). */
    static final Set<String> SAFE = Set.of(GET, HEAD, OPTIONS);

    /** Those of RFC 9110, and PATCH; a resource that lacks one of these says which it has. */
    static final Set<String> KNOWN = Set.of(GET, HEAD, POST, PUT, DELETE, OPTIONS, CONNECT, "TRACE", "PATCH");

    private Method() {}
}
