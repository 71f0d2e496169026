package io.tidegate.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A socket below TLS that knows how the server's bytes ended: Java takes a FIN without close_notify, and a part of a record, for an end. */
public final class WatchedSocket extends Socket {

    private static final int HEAD_BYTES = 5;

    private boolean hasEnded;
    private boolean isReset;

    /** What is to come of a record, or of its head. */
    private int left = HEAD_BYTES;

    private boolean inHead = true;
    private int length;

    /** @param receiveBufferBytes 0 for the system's default */
    WatchedSocket(InetSocketAddress server, int receiveBufferBytes, int timeoutMillis) throws IOException {
        if (receiveBufferBytes > 0) {
            setReceiveBufferSize(receiveBufferBytes);
        }
        connect(server, timeoutMillis);
        setSoTimeout(timeoutMillis);
    }

    /** A FIN has been read. */
    boolean hasEnded() {
        return hasEnded;
    }

    public boolean isReset() {
        return isReset;
    }

    /** The bytes that were read end within a record. */
    boolean isCutWithinRecord() {
        return !inHead || left < HEAD_BYTES;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int most) throws IOException {
                try {
                    int count = super.read(bytes, from, most);
                    hasEnded |= count < 0;
                    for (int i = 0; i < count; i++) {
                        see(bytes[from + i] & 0xff);
                    }
                    return count;
                } catch (SocketException e) {
                    isReset = true;
                    throw e;
                }
            }
        };
    }

    private void see(int b) {
        if (inHead) {
            // The last two bytes of a head are the length.
            length = left <= 2 ? length << 8 | b : 0;
        }
        left--;
        if (left == 0) {
            inHead = !inHead;
            left = inHead ? HEAD_BYTES : length;
        }
    }
}
