package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;

/** The beginning of a transport over HTTP: one request, and the head of its response. */
final class HttpExchange {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String request;
    private final byte[] expected;
    private boolean answered;

    /**
     * An exchange that has not begun.
     *
     * @param headers whole lines with their ends
     * @param status of the response that is hoped for
     */
    HttpExchange(String path, String server, String headers, int status) {
        request = "GET " + path + " HTTP/1.1\r\nHost: " + server + "\r\n" + headers + "\r\n";
        expected = ("HTTP/1.1 " + status + " ").getBytes(StandardCharsets.US_ASCII);
    }

    String request() {
        return request;
    }

    boolean isAnswered() {
        return answered;
    }

    /**
     * Looks for the end of the head.
     *
     * @return the offset behind it; {@code from} if it is not there yet
     */
    int skipHead(byte[] bytes, int from, int to) throws BenchFailure {
        for (int i = from; i <= to - END_OF_HEAD.length; i++) {
            if (Octets.startsWith(bytes, i, to, END_OF_HEAD)) {
                if (!Octets.startsWith(bytes, from, i, expected)) {
                    throw new BenchFailure("the server answered " + Octets.shown(bytes, from, to));
                }
                answered = true;
                return i + END_OF_HEAD.length;
            }
        }
        return from;
    }
}
