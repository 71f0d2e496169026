package io.tidegate.http;

import akka.util.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.tidegate.wire.Decoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests in a client's bytes, by Netty's decoder and more strictly than it: see {@link HeadCheck}.
 *
 * <p>A head is looked at as a whole before it is decoded, and bytes behind a request's end are not touched until the next one is
 * asked for: they may belong to another protocol. After anything malformed nothing more is found, whatever comes.
 */
final class RequestDecoder implements Decoder<ByteString, HttpRequest.Part> {

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte[] NOTHING = {};

    /** Empty lines that are passed over in front of a request, as some clients end a body by one (RFC 9112, section 2.2). */
    private static final int MOST_EMPTY_LINES = 4;

    /** The longest piece of a body that is passed on. */
    private static final int PIECE_BYTES = 64 * 1024;

    /** Netty's decoder without its channels: its context is for handlers behind it, of which there are none. */
    private static final class Codec extends HttpRequestDecoder {

        private final List<Object> found = new ArrayList<>(2);

        Codec(int maxHeadBytes) {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(maxHeadBytes)
                    // The trailers of a body are counted together with its head.
                    .setMaxHeaderSize(2 * maxHeadBytes)
                    .setMaxChunkSize(PIECE_BYTES)
                    .setAllowDuplicateContentLengths(false)
                    .setStrictLineParsing(true)
                    .setUseRfc9112TransferEncoding(true));
        }

        /** A later minor version is HTTP/1.1 to who knows no more (RFC 9110, section 2.5). */
        @Override
        protected HttpMessage createMessage(String[] line) throws Exception {
            String version = line[2].equals("HTTP/1.0") ? line[2] : "HTTP/1.1";
            return super.createMessage(new String[] {line[0], line[1], version});
        }

        /** Some drafts of the WebSocket protocol had bodies that no header told of; they are none. */
        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage head) {
            return !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                    && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        }

        /** What is found next; empty if more bytes are needed. */
        @SuppressWarnings("NullAway") // Without a channel there is no context.
        List<Object> find(ByteBuf bytes) {
            found.clear();
            int before;
            do {
                before = bytes.readerIndex();
                try {
                    decode(null, bytes, found);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            } while (found.isEmpty() && bytes.isReadable() && bytes.readerIndex() != before);
            return found;
        }
    }

    private final int maxHeadBytes;

    /** Of the request whose body comes; null between requests, where a connection may stay for long. */
    private @Nullable Codec codec;

    private final ArrayDeque<HttpRequest.Part> found = new ArrayDeque<>(2);

    /** What came and was not decoded: from {@code at} to {@code end}. */
    private byte[] bytes = NOTHING;

    private int at;
    private int end;

    /** Up to here there is no end of a head. */
    private int looked;

    private int emptyLines;
    private long heads;
    private boolean isDead;

    RequestDecoder(int maxHeadBytes) {
        this.maxHeadBytes = maxHeadBytes;
    }

    @Override
    public void take(ByteString chunk) {
        if (isDead) {
            return;
        }
        if (at == end) {
            bytes = chunk.toArrayUnsafe();
            looked = 0;
            at = 0;
            end = bytes.length;
            return;
        }
        int left = end - at;
        // Twice as much each time: a head that drips is not copied for each of its bytes.
        if (end + chunk.size() > bytes.length) {
            bytes = Arrays.copyOfRange(bytes, at, at + Math.max(2 * left, left + chunk.size()));
            looked = Math.max(0, looked - at);
            at = 0;
            end = left;
        }
        chunk.copyToArray(bytes, end);
        end += chunk.size();
    }

    @Override
    public HttpRequest.@Nullable Part next() {
        HttpRequest.Part ready = found.poll();
        if (ready != null || isDead) {
            return ready;
        }
        if (codec == null) {
            decodeHead();
        } else {
            decodeBody(codec);
        }
        if (at == end) {
            // A connection that waits for its next request holds nothing of the last.
            bytes = NOTHING;
            at = 0;
            end = 0;
            looked = 0;
        }
        return found.poll();
    }

    // ---- heads

    private void decodeHead() {
        skipEmptyLines();
        int length = isDead ? -1 : headLength();
        if (length < 0) {
            return;
        }
        String head = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
        Problem problem = HeadCheck.problem(head);
        if (problem != null) {
            fail(problem);
            return;
        }
        ByteBuf whole = Unpooled.wrappedBuffer(bytes, at, length);
        at += length;
        looked = at;
        emptyLines = 0;
        heads++;
        var coming = new Codec(maxHeadBytes);
        codec = coming;
        coming.find(whole).forEach(each -> add((HttpObject) each));
    }

    private void skipEmptyLines() {
        while (end - at >= 2 && bytes[at] == CR && bytes[at + 1] == LF) {
            at += 2;
            if (++emptyLines > MOST_EMPTY_LINES) {
                fail(HttpProtocol.NO_REQUEST);
                return;
            }
        }
    }

    /** Up to and including its empty line; -1 if that has not come, or will not. */
    private int headLength() {
        int most = Math.min(end, at + maxHeadBytes);
        for (int i = Math.max(looked, at); i < most; i++) {
            if (bytes[i] == LF && (i == at || bytes[i - 1] != CR)) {
                fail(HeadCheck.LINES);
                return -1;
            }
            if (bytes[i] == LF && i >= at + 3 && bytes[i - 2] == LF) {
                return i + 1 - at;
            }
        }
        looked = Math.max(looked, most);
        return end - at > maxHeadBytes ? tooLong() : -1;
    }

    private int tooLong() {
        boolean isLineWhole = false;
        for (int i = at; i < at + maxHeadBytes; i++) {
            isLineWhole |= bytes[i] == LF;
        }
        fail(isLineWhole ? HttpProtocol.HEAD_TOO_LARGE : HttpProtocol.TARGET_TOO_LONG);
        return -1;
    }

    // ---- bodies

    private void decodeBody(Codec coming) {
        ByteBuf rest = Unpooled.wrappedBuffer(bytes, at, end - at);
        List<Object> next = coming.find(rest);
        at = end - rest.readableBytes();
        looked = at;
        next.forEach(each -> add((HttpObject) each));
    }

    private void add(HttpObject object) {
        if (isDead) {
            return;
        }
        boolean isHead = object instanceof io.netty.handler.codec.http.HttpRequest;
        if (object.decoderResult().isFailure()) {
            fail(isHead ? HttpProtocol.NO_REQUEST : Body.BROKEN);
            return;
        }
        if (object instanceof io.netty.handler.codec.http.HttpRequest request) {
            addHead(request);
        }
        if (object instanceof HttpContent content && content.content().isReadable()) {
            byte[] piece = new byte[content.content().readableBytes()];
            content.content().readBytes(piece);
            found.add(new HttpRequest.Part.Piece(ByteString.fromArrayUnsafe(piece)));
        }
        if (object instanceof LastHttpContent) {
            codec = null;
            found.add(new HttpRequest.Part.End());
        }
    }

    private void addHead(io.netty.handler.codec.http.HttpRequest request) {
        List<Header> headers = new ArrayList<>();
        request.headers().forEach(entry -> headers.add(new Header(entry.getKey(), entry.getValue())));
        var head = new HttpRequest(
                request.method().name(),
                request.uri(),
                request.protocolVersion().text(),
                List.copyOf(headers),
                Body.NONE);
        Problem problem = HeadCheck.problem(head);
        if (problem == null) {
            found.add(new HttpRequest.Part.Head(head, HeadCheck.length(head)));
        } else {
            fail(problem);
        }
    }

    private void fail(Problem problem) {
        isDead = true;
        codec = null;
        found.add(new HttpRequest.Part.Malformed(problem));
        at = end;
    }

    // ---- what is left

    /** Bytes of a head that is not whole. */
    @Override
    public @Nullable Begun begun() {
        return codec != null || at == end ? null : new Begun(heads, (long) end - at);
    }

    /** What came behind the last request; the decoder finds nothing in it any more. */
    ByteString rest() {
        ByteString rest = ByteString.fromArray(Arrays.copyOfRange(bytes, at, end));
        at = end;
        isDead = true;
        return rest;
    }
}
