package io.tidegate.feed;

/**
 * What an {@link Order} needs to go on behind what a log holds; kept in the log, by the same write.
 *
 * @param offset where it goes on; 0 is the beginning
 * @param memory what it remembers beside that, which only it can read, and must not change; of an order of one node nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record OrderState(long offset, byte[] memory) {

    /** Nothing to remember. */
    public static final byte[] NO_MEMORY = {};

    /** Of an order that remembers nothing but its offset. */
    public static OrderState at(long offset) {
        return new OrderState(offset, NO_MEMORY);
    }
}
