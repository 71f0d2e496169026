package io.tidegate.connection;

import akka.util.ByteString;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a listener offers to those who connect: a protocol, in plain or over TLS, to them or to proxies that connect for them.
 *
 * <pre>
 *  connection ─► header of a proxy ─► handshake ─► protocol
 *                if it is one         over TLS
 * </pre>
 *
 * <p>Whom it does not serve it tells so in plain only: over TLS nobody would understand a word before the handshake.
 */
public final class Offer {

    private final Protocol protocol;
    private final @Nullable Tls tls;
    private final Proxies proxies;

    private Offer(Protocol protocol, @Nullable Tls tls, Proxies proxies) {
        this.protocol = protocol;
        this.tls = tls;
        this.proxies = proxies;
    }

    public static Offer plain(Protocol protocol) {
        return new Offer(protocol, null, Proxies.NONE);
    }

    public static Offer secured(Protocol protocol, Tls tls) {
        return new Offer(protocol, tls, Proxies.NONE);
    }

    /** The same to those for whom these connect. */
    public Offer behind(Proxies these) {
        return new Offer(protocol, tls, these);
    }

    /** What lies between a connection and its socket, and what is spoken on it first. */
    record Beginning(Channel channel, Opening opening) {}

    /** A connection from that address begins. */
    Beginning begin(Channel kernel, InetAddress from, LongSupplier nanoClock) {
        Beginning beginning = tls == null ? new Beginning(kernel, protocol) : secured(kernel, tls, nanoClock);
        return proxies.include(from)
                ? new Beginning(beginning.channel(), header(beginning.opening(), nanoClock))
                : beginning;
    }

    private Beginning secured(Channel kernel, Tls by, LongSupplier nanoClock) {
        var channel = new SecureChannel(kernel, by.engines().get());
        return new Beginning(
                channel,
                (peer, wakeup, hasUnread) -> new Handshake(channel, protocol, by, wakeup, hasUnread, nanoClock));
    }

    private Opening header(Opening behind, LongSupplier nanoClock) {
        return (peer, wakeup, hasUnread) ->
                new ProxyHeader(behind, protocol, proxies.timeout(), wakeup, hasUnread, nanoClock);
    }

    /** How many more it can have begin now; whoever has a plain connection costs little. */
    public int room() {
        return tls == null ? Integer.MAX_VALUE : tls.handshakes().room();
    }

    /**
     * Asks to be told whenever there is room again.
     *
     * @param listener called by any thread; must not block
     */
    public void whenRoom(Runnable listener) {
        if (tls != null) {
            tls.handshakes().whenRoom(listener);
        }
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
