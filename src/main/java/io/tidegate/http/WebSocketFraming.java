package io.tidegate.http;

import akka.util.ByteString;
import io.tidegate.feed.Framing;
import io.tidegate.websocket.Frames;

/** Event lines as one text message. */
final class WebSocketFraming implements Framing {

    static final WebSocketFraming INSTANCE = new WebSocketFraming();

    private static final int SHORT_LENGTH = 0x7f;
    private static final int LENGTH_IN_2 = 126;
    private static final int LENGTH_IN_8 = 127;

    private WebSocketFraming() {}

    @Override
    public ByteString frame(ByteString lines) {
        return Frames.text(lines).compact();
    }

    /** Without the header in front of them; several messages may have been put behind one another. */
    @Override
    public ByteString linesIn(ByteString sent) {
        ByteString lines = ByteString.emptyByteString();
        ByteString rest = sent;
        while (rest.size() >= 2) {
            int header = headerBytes(rest);
            long payload = header > rest.size() ? 0 : payloadBytes(rest, header);
            lines = lines.concat(rest.slice(header, (int) Math.min(rest.size(), header + payload)));
            rest = rest.drop((int) Math.min(rest.size(), header + payload));
        }
        return lines;
    }

    private static int headerBytes(ByteString frame) {
        int length = frame.apply(1) & SHORT_LENGTH;
        return length == LENGTH_IN_8 ? 10 : length == LENGTH_IN_2 ? 4 : 2;
    }

    private static long payloadBytes(ByteString frame, int header) {
        if (header == 2) {
            return frame.apply(1) & SHORT_LENGTH;
        }
        long length = 0;
        for (int i = 2; i < header; i++) {
            length = (length << 8) | (frame.apply(i) & 0xff);
        }
        return length;
    }
}
