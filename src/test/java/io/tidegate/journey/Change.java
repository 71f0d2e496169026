package io.tidegate.journey;

import java.nio.charset.StandardCharsets;

/**
 * A change that a publisher asks for.
 *
 * @param request the line to send, without its end
 * @param content what every follower must be sent of it, as in {@link EventLine#rest}
 */
record Change(String request, String content) {

    /** Gives the n-th change of a publisher. No two contents are alike, so that a duplicate cannot hide. */
    @FunctionalInterface
    interface Script {
        Change change(int n);
    }

    static Change put(String collection, String key, String value) {
        return new Change(
                "put " + collection + " " + key + " " + value,
                shortened(subject(collection, key) + ",\"value\":" + value));
    }

    static Change delete(String collection, String key) {
        return new Change("delete " + collection + " " + key, subject(collection, key));
    }

    private static String subject(String collection, String key) {
        return "\"collection\":\"" + collection + "\",\"key\":\"" + key + "\"";
    }

    private static String shortened(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return EventLine.content(bytes, 0, bytes.length);
    }

    /** Overwrites fifty documents again and again; now and then makes one and deletes it. */
    static Script changing(String publisher, String collection) {
        return changing(publisher, collection, 0);
    }

    /** The same with values of some length. */
    static Script changing(String publisher, String collection, int padding) {
        String text = "é€😀 \\\" ,}{ ".repeat(padding / 10 + 1);
        return n -> {
            String value = "{\"by\":\"" + publisher + "\",\"n\":" + n + ",\"text\":\"" + text + "\"}";
            return switch (n % 20) {
                case 18 -> put(collection, publisher + "-brief-" + n, value);
                case 19 -> delete(collection, publisher + "-brief-" + (n - 1));
                default -> put(collection, publisher + "-" + n % 50, value);
            };
        };
    }

    /** Makes one document after the other, each of about that many bytes. */
    static Script filling(String collection, int bytes) {
        return n -> {
            var value =
                    new StringBuilder(bytes + 32).append("{\"n\":").append(n).append(",\"text\":\"");
            // Not one letter alone: what compresses well would not need the memory.
            for (long x = n + 1L; value.length() < bytes; x = x * 6364136223846793005L + 1442695040888963407L) {
                value.append(Long.toHexString(x));
            }
            return put(collection, "doc-" + n, value.append("\"}").toString());
        };
    }
}
