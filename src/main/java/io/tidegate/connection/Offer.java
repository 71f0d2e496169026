package io.tidegate.connection;

import akka.util.ByteString;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a listener offers to those who connect: a protocol, in plain or over TLS.
 *
 * <p>Whom it does not serve it tells so in plain only: over TLS nobody would understand a word before the handshake.
 */
public final class Offer {

    private final Protocol protocol;
    private final @Nullable Tls tls;

    private Offer(Protocol protocol, @Nullable Tls tls) {
        this.protocol = protocol;
        this.tls = tls;
    }

    public static Offer plain(Protocol protocol) {
        return new Offer(protocol, null);
    }

    public static Offer secured(Protocol protocol, Tls tls) {
        return new Offer(protocol, tls);
    }

    /** What lies between a connection and its socket, and what is spoken on it first. */
    record Beginning(Channel channel, Opening opening) {}

    /** A connection begins. */
    Beginning begin(Channel kernel, LongSupplier nanoClock) {
        if (tls == null) {
            return new Beginning(kernel, protocol);
        }
        var channel = new SecureChannel(kernel, tls.engines().get());
        return new Beginning(
                channel,
                (peer, wakeup, hasUnread) -> new Handshake(channel, protocol, tls, peer, wakeup, hasUnread, nanoClock));
    }

    /**
     * What a client is sent that is too many, before its end.
     *
     * @param said what came from the client so far
     * @param isAll it is not waited for any longer
     * @return null if more has to come
     */
    public @Nullable ByteString refusal(String message, ByteString said, boolean isAll) {
        return tls == null ? protocol.refusal(message, said, isAll) : ByteString.emptyByteString();
    }

    /** What a client is sent, before its end, that comes too late to be served. */
    public ByteString farewell(ByteString said) {
        return tls == null ? protocol.farewell(said) : ByteString.emptyByteString();
    }
}
