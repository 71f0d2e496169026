package io.tidegate.kernel;

import java.nio.ByteBuffer;

/**
 * A TCP socket at one moment, as its kernel sees it: the parts of Linux's {@code struct tcp_info} that are used here.
 *
 * @param state number of the state, as {@code /proc/net/tcp} has it
 * @param retransmits how often the oldest segment without an answer was sent again
 * @param unconfirmed segments that were sent and that the peer's kernel has not confirmed; of a listening socket the connections
 *     that wait to be accepted
 * @param millisSinceSent since a segment with data was sent, for the first time or again
 * @param millisSinceReceived since a segment with data was received
 * @param millisSinceConfirmed since the peer's kernel confirmed anything, be it for the second time
 * @param bytesReceived what was received in order, read by us or not; the peer's FIN counts as one
 * @param bytesNotSent what was written and waits to be sent for the first time
 */
public record KernelView(
        int state,
        int retransmits,
        long unconfirmed,
        long millisSinceSent,
        long millisSinceReceived,
        long millisSinceConfirmed,
        long bytesReceived,
        long bytesNotSent) {

    /** As much of the struct as is read; kernels before 4.6 give less. */
    static final int BYTES = 148;

    private static final int FIN_WAIT_1 = 4;
    private static final int FIN_WAIT_2 = 5;

    private static final long UNSIGNED = 0xFFFF_FFFFL;

    /** Reads the struct in the order of bytes of this machine. */
    static KernelView of(ByteBuffer info) {
        return new KernelView(
                info.get(0) & 0xFF,
                info.get(2) & 0xFF,
                info.getInt(24) & UNSIGNED,
                info.getInt(44) & UNSIGNED,
                info.getInt(52) & UNSIGNED,
                info.getInt(56) & UNSIGNED,
                info.getLong(128),
                info.getInt(144) & UNSIGNED);
    }

    /** Whether the peer's kernel has everything that was written. */
    public boolean isConfirmed() {
        return unconfirmed == 0 && bytesNotSent == 0;
    }

    /** Whether the peer's kernel has everything that was written and our FIN behind it, and the peer has sent none. */
    public boolean isFinConfirmed() {
        return state == FIN_WAIT_2;
    }

    /**
     * Whether something was sent that the peer's kernel should have answered since, and did not.
     *
     * <p>A peer that takes no more, but is there, answers each time that it is sent something again. These times come ever more
     * seldom, so the mere age of its last answer says nothing; a FIN is not counted among the data.
     */
    public boolean isUnanswered() {
        return unconfirmed > 0 && (millisSinceSent < millisSinceConfirmed || (state == FIN_WAIT_1 && retransmits > 0));
    }

    /** Of a listening socket: how many connections wait to be accepted. */
    public long waiting() {
        return unconfirmed;
    }
}
