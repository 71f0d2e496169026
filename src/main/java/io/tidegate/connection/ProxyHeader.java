package io.tidegate.connection;

import akka.util.ByteString;
import io.tidegate.document.Network;
import io.tidegate.feed.Wakeup;
import io.tidegate.ledger.CloseReason;
import io.tidegate.ledger.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, version 1 or 2, with which a proxy tells for whom it connects; what is spoken comes behind it.
 *
 * <p>haproxy.org/download/3.0/doc/proxy-protocol.txt. A proxy that connects for itself, to see whether somebody is there, says so.
 */
final class ProxyHeader extends Preamble {

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** Signature, version and command, family, length. */
    private static final int FIXED_BYTES = SIGNATURE.length + 4;

    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;

    /** What a header of version 2 may have behind its addresses, and more. */
    private static final int MOST_BYTES = 4096;

    /** The longest line of version 1. */
    private static final int MOST_LINE_BYTES = 107;

    private static final Pattern LINE =
            Pattern.compile("PROXY (?:UNKNOWN.*|TCP[46] ([0-9A-Fa-f.:]+) [0-9A-Fa-f.:]+ ([0-9]{1,5}) [0-9]{1,5})");

    private static final int MAX_PORT = 65_535;

    private final Opening behind;
    private final Protocol spoken;
    private @Nullable InetSocketAddress client;

    /**
     * The header of one connection.
     *
     * @param behind what comes next
     * @param spoken tells a proxy that sends none what is wrong
     */
    ProxyHeader(
            Opening behind,
            Protocol spoken,
            Duration timeout,
            Wakeup wakeup,
            BooleanSupplier hasUnread,
            LongSupplier nanoClock) {
        super(timeout, CloseReason.REFUSED, wakeup, hasUnread, nanoClock);
        this.behind = behind;
        this.spoken = spoken;
    }

    @Override
    public Transport transport() {
        return Transport.PROXY;
    }

    @Override
    void look() {
        if (isOver() || came().isEmpty()) {
            return;
        }
        byte[] bytes = came().toArray();
        int compared = Math.min(bytes.length, SIGNATURE.length);
        try {
            int length = Arrays.equals(bytes, 0, compared, SIGNATURE, 0, compared) ? binary(bytes) : line(bytes);
            if (length > 0) {
                keep(came().drop(length));
                settle();
            }
        } catch (IllegalArgumentException | UnknownHostException e) {
            refuse(spoken.mistaken("a header of the PROXY protocol was expected here, and that is none: have the proxy"
                    + " send it, or tell the server that it does not"));
        }
    }

    /** Returns how long the header is; 0 if more has to come. */
    private int binary(byte[] bytes) throws UnknownHostException {
        if (bytes.length < FIXED_BYTES) {
            return 0;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).position(SIGNATURE.length);
        int command = header.get() & 0xff;
        int family = header.get() & 0xff;
        int length = header.getShort() & 0xffff;
        if ((command != LOCAL && command != PROXIED) || length > MOST_BYTES) {
            throw new IllegalArgumentException("not of version 2");
        }
        if (bytes.length < FIXED_BYTES + length) {
            return 0;
        }
        if (command == PROXIED && (family == TCP_OVER_IPV4 || family == TCP_OVER_IPV6)) {
            client = client(header, length, family == TCP_OVER_IPV4 ? 4 : 16);
        }
        return FIXED_BYTES + length;
    }

    private static InetSocketAddress client(ByteBuffer header, int length, int addressBytes)
            throws UnknownHostException {
        if (length < 2 * addressBytes + 4) {
            throw new IllegalArgumentException("the addresses are cut");
        }
        byte[] source = new byte[addressBytes];
        header.get(source);
        header.position(header.position() + addressBytes);
        return new InetSocketAddress(InetAddress.getByAddress(source), header.getShort() & 0xffff);
    }

    private int line(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length && end < MOST_LINE_BYTES && isLineBegun(bytes)) {
            return 0;
        }
        if (end == bytes.length || end == 0 || end >= MOST_LINE_BYTES || bytes[end - 1] != '\r') {
            throw new IllegalArgumentException("no line of version 1");
        }
        Matcher line = LINE.matcher(new String(bytes, 0, end - 1, StandardCharsets.US_ASCII));
        if (!line.matches()) {
            throw new IllegalArgumentException("no line of version 1");
        }
        if (line.group(1) != null) {
            int port = Integer.parseInt(line.group(2));
            if (port > MAX_PORT) {
                throw new IllegalArgumentException("no port");
            }
            client = new InetSocketAddress(Network.address(line.group(1)), port);
        }
        return end + 1;
    }

    private static boolean isLineBegun(byte[] bytes) {
        byte[] begin = "PROXY ".getBytes(StandardCharsets.US_ASCII);
        int compared = Math.min(bytes.length, begin.length);
        return Arrays.equals(bytes, 0, compared, begin, 0, compared);
    }

    @Override
    public @Nullable Opening next() {
        return isSettled() ? behind : null;
    }

    @Override
    public Peer peer(Peer known) {
        return client == null ? known : new Peer(client, known.certificates());
    }

    @Override
    public ByteString rest() {
        return came();
    }
}
