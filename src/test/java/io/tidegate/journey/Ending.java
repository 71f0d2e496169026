package io.tidegate.journey;

/**
 * How a client's connection ended.
 *
 * @param end FIN or RST
 * @param goodbye the goodbye that came as the last line; null if there was none
 * @param cutWithinLine whether the stream ended in the middle of a line
 * @param atNanos {@link System#nanoTime} of the end
 */
record Ending(ClientSocket.End end, EventLine goodbye, boolean cutWithinLine, long atNanos) {

    static Ending of(ClientSocket socket, EventLine goodbye) {
        return new Ending(socket.end(), goodbye, socket.isCutWithinLine(), System.nanoTime());
    }

    /** Checks that the server sent all it owed: a goodbye for this reason, at this position, then FIN. */
    void requirePolite(String client, String reason, long seq) {
        if (end != ClientSocket.End.FIN || goodbye == null || cutWithinLine) {
            throw new AssertionError(client + " did not end by goodbye and FIN: " + this);
        }
        if (!goodbye.field("reason").equals(reason) || goodbye.number("seq") != seq) {
            throw new AssertionError(client + " expected goodbye " + reason + " at " + seq + ", not " + goodbye);
        }
    }
}
