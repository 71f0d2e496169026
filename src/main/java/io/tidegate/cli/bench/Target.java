package io.tidegate.cli.bench;

import io.tidegate.document.Addresses;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** The server that is measured. */
record Target(String host, int port) {

    private static final int CONNECT_TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    /** Opens one connection. */
    SocketChannel connect() throws BenchFailure {
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BenchFailure("cannot connect to " + this + ": " + reason(e));
        }
    }

    /** What went wrong with a connection, for its user. */
    static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Too many open files")) {
            return "too many open files: raise the limit with ulimit -n, here or where the server was started";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer";
        }
        if (e instanceof ConnectException && message.contains("refused")) {
            return "connection refused (is the server running?)";
        }
        return e instanceof UnknownHostException ? "unknown host" : message;
    }

    @Override
    public String toString() {
        return Addresses.shown(host, port);
    }
}
