package io.tidegate.journey;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the lines of a client travel: what stands around them on its transport, written down from the specifications and not
 * with the server's own code. Serves one connection.
 */
abstract class Wire {

    /**
     * What has to happen before any line.
     *
     * @param in as {@link #decode} gave it
     */
    void open(InputStream in, OutputStream out) throws IOException {}

    /** Whole lines as they are sent. */
    abstract byte[] encode(String lines);

    /**
     * The lines of what is received.
     *
     * @param out for answers that the transport itself asks for
     */
    abstract InputStream decode(InputStream raw, OutputStream out);

    /** The code of the server's closing frame; 0 where there was none. */
    int closeCode() {
        return 0;
    }

    /** The line protocol as it is. */
    static Wire tcp() {
        return new Wire() {
            @Override
            byte[] encode(String lines) {
                return utf8(lines);
            }

            @Override
            InputStream decode(InputStream raw, OutputStream out) {
                return raw;
            }
        };
    }

    /** An event stream as a browser's {@code EventSource} asks for it; the one line that is sent is the request. */
    static Wire serverSentEvents() {
        return new ServerSentEvents();
    }

    /** A WebSocket. */
    static Wire webSocket() {
        return new WebSocket();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Gives what comes in portions of whole lines. */
    private abstract static class Portions extends InputStream {

        final InputStream raw;
        private byte[] portion = new byte[0];
        private int at;

        Portions(InputStream raw) {
            this.raw = new BufferedInputStream(raw, 64 * 1024);
        }

        /** The next portion, which may be empty; null at the end of the stream. */
        abstract byte[] next() throws IOException;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (at == portion.length) {
                portion = next();
                at = 0;
                if (portion == null) {
                    portion = new byte[0];
                    return -1;
                }
            }
            int count = Math.min(length, portion.length - at);
            System.arraycopy(portion, at, target, offset, count);
            at += count;
            return count;
        }

        /** A line without its end; null at the end of the stream. */
        String rawLine() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = raw.read(); b >= 0; b = raw.read()) {
                if (b == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(b);
            }
            if (line.size() > 0) {
                throw new AssertionError("the stream was cut within the line " + line);
            }
            return null;
        }

        void head(String status) throws IOException {
            String line = rawLine();
            if (line == null) {
                throw new EOFException("no response");
            }
            if (!line.startsWith("HTTP/1.1 " + status)) {
                throw new AssertionError("the server answered " + line);
            }
            while (!line.equals("\r")) {
                line = String.valueOf(rawLine());
            }
        }
    }

    private static final class ServerSentEvents extends Wire {

        @Override
        byte[] encode(String lines) {
            List<String> words = new ArrayList<>(Arrays.asList(lines.strip().split(" ")));
            String path = "/v1/" + words.remove(0);
            String resume = "";
            if (!words.isEmpty() && words.get(0).equals("after")) {
                resume = "Last-Event-ID: " + words.get(1) + "\r\n";
                words = words.subList(2, words.size());
            }
            String query = String.join(
                    "&",
                    words.stream()
                            .map(name -> "collection=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                            .toList());
            return utf8("GET " + path + (query.isEmpty() ? "" : "?" + query)
                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + resume + "\r\n");
        }

        @Override
        InputStream decode(InputStream raw, OutputStream out) {
            return new Events(raw);
        }

        /** A line for each event. */
        private static final class Events extends Portions {

            private boolean begun;

            Events(InputStream raw) {
                super(raw);
            }

            @Override
            byte[] next() throws IOException {
                if (!begun) {
                    begun = true;
                    head("200");
                }
                String id = "";
                String data = null;
                String retry = "";
                for (String line = rawLine(); line != null; line = rawLine()) {
                    if (line.isEmpty()) {
                        return data == null ? new byte[0] : checked(id, retry, data);
                    } else if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        data = line.substring(6);
                    } else if (line.startsWith("retry: ")) {
                        retry = line.substring(7);
                    } else if (!line.startsWith(":")) {
                        throw new AssertionError("not a field of an event: " + line);
                    }
                }
                if (data != null) {
                    throw new AssertionError("the stream was cut within the event " + data);
                }
                return null;
            }
        }

        /** A browser resumes from the id and comes back after the retry: they have to be those of the event. */
        private static byte[] checked(String id, String retry, String data) {
            if (data.startsWith("{\"event\":\"put\"") || data.startsWith("{\"event\":\"delete\"")) {
                String seq = data.replaceAll("^[^,]*,\"seq\":(\\d+),.*", "$1");
                if (!id.endsWith(":" + seq)) {
                    throw new AssertionError("the id " + id + " is not the position of " + data);
                }
            }
            if (data.startsWith("{\"event\":\"goodbye\"")
                    && !data.contains("\"reconnectAfterMs\":" + (Long.parseLong(retry) - 1000) + ",")) {
                throw new AssertionError("the retry " + retry + " is not a second more than the slot of " + data);
            }
            return utf8(data + "\n");
        }
    }

    /** A client's side of RFC 6455, as far as it goes. */
    private static final class WebSocket extends Wire {

        private static final int TEXT = 1;
        private static final int CLOSE = 8;
        private static final int PING = 9;
        private static final int PONG = 10;
        private static final byte[] KEY = {1, 2, 3, 4};

        private volatile int closeCode;

        /** No frame may be sent before the server has agreed. */
        @Override
        void open(InputStream in, OutputStream out) throws IOException {
            out.write(utf8(String.join(
                    "\r\n",
                    "GET /v1/socket HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "",
                    "")));
            ((Portions) in).head("101");
        }

        @Override
        byte[] encode(String lines) {
            return frame(TEXT, utf8(lines));
        }

        private static byte[] frame(int opcode, byte[] payload) {
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) (0x80 | opcode));
            if (payload.length < 126) {
                frame.put((byte) (0x80 | payload.length));
            } else if (payload.length < 1 << 16) {
                frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
            } else {
                frame.put((byte) (0x80 | 127)).putLong(payload.length);
            }
            frame.put(KEY);
            for (int i = 0; i < payload.length; i++) {
                frame.put((byte) (payload[i] ^ KEY[i % 4]));
            }
            return Arrays.copyOf(frame.array(), frame.position());
        }

        @Override
        int closeCode() {
            return closeCode;
        }

        @Override
        InputStream decode(InputStream raw, OutputStream out) {
            return new Messages(raw, out);
        }

        /** The texts of messages; answers what a client has to answer. */
        private final class Messages extends Portions {

            private final OutputStream out;

            Messages(InputStream raw, OutputStream out) {
                super(raw);
                this.out = out;
            }

            @Override
            byte[] next() throws IOException {
                int first = raw.read();
                if (first < 0) {
                    return null;
                }
                byte[] payload = payload(raw.read());
                switch (first & 0x7f) {
                    case TEXT -> {
                        return payload;
                    }
                    case PING -> answer(PONG, payload);
                    case CLOSE -> {
                        closeCode = ByteBuffer.wrap(payload).getShort() & 0xffff;
                        answer(CLOSE, Arrays.copyOf(payload, 2));
                    }
                    default -> throw new AssertionError("a frame that begins with " + first);
                }
                return new byte[0];
            }

            private byte[] payload(int length) throws IOException {
                long bytes = length;
                if (length == 126) {
                    bytes = ByteBuffer.wrap(raw.readNBytes(2)).getShort() & 0xffff;
                } else if (length == 127) {
                    bytes = ByteBuffer.wrap(raw.readNBytes(8)).getLong();
                }
                byte[] payload = raw.readNBytes((int) bytes);
                if (payload.length < bytes) {
                    throw new AssertionError("the stream was cut within a frame of " + bytes + " bytes");
                }
                return payload;
            }

            private void answer(int opcode, byte[] payload) throws IOException {
                synchronized (WebSocket.this) {
                    out.write(frame(opcode, payload));
                }
            }
        }
    }
}
