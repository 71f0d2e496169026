package io.tidegate.cli.bench;

import static io.tidegate.document.Utf8Buffer.ascii;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** {@code PUT /v1/documents/…} on a connection that is kept. */
final class PutRequest implements Put {

    private static final byte[] CREATED = ascii("HTTP/1.1 201 ");
    private static final byte[] REPLACED = ascii("HTTP/1.1 204 ");
    private static final byte[] HEAD_END = ascii("\r\n\r\n");
    private static final byte[] POSITION = ascii("\r\nTidegate-Position: ");

    private final Mark mark;
    private final byte[] template;
    private final NameDigits names;
    private final int value;

    PutRequest(Documents documents, Mark mark, String server) {
        this.mark = mark;
        byte[] head = ascii("PUT /v1/documents/" + encoded(documents.collectionForm()) + "/" + documents.keyForm()
                + " HTTP/1.1\r\nHost: " + server
                + "\r\nContent-Type: application/json\r\nContent-Length: " + mark.valueBytes() + "\r\n\r\n");
        names = new NameDigits(documents, head);
        value = head.length;
        template = new byte[value + mark.valueBytes()];
        System.arraycopy(head, 0, template, 0, head.length);
        System.arraycopy(mark.blank(), 0, template, value, mark.valueBytes());
    }

    /** Of a collection's form, whose place for digits stays. */
    private static String encoded(String form) {
        return URLEncoder.encode(form, StandardCharsets.UTF_8)
                .replace(
                        URLEncoder.encode(String.valueOf(Documents.GROUP), StandardCharsets.UTF_8),
                        String.valueOf(Documents.GROUP));
    }

    @Override
    public int length() {
        return template.length;
    }

    @Override
    public void write(byte[] bytes, int offset, long document, int publisher, long number, long nanos) {
        System.arraycopy(template, 0, bytes, offset, template.length);
        names.write(bytes, offset, document);
        mark.write(bytes, offset + value, publisher, number, nanos);
    }

    /** An answer that was asked for has no body. */
    @Override
    public int answerEnd(byte[] bytes, int from, int to) {
        int end = indexOf(HEAD_END, bytes, from, to);
        return end < 0 ? -1 : end + HEAD_END.length;
    }

    @Override
    public long seq(byte[] bytes, int from, int to) throws BenchFailure {
        int position = indexOf(POSITION, bytes, from, to);
        boolean accepted = Octets.startsWith(bytes, from, to, REPLACED) || Octets.startsWith(bytes, from, to, CREATED);
        if (!accepted || position < 0) {
            throw new BenchFailure("the server sent " + Octets.shown(bytes, from, to));
        }
        int colon = position + POSITION.length;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        return Octets.decimal(bytes, colon + 1, to);
    }

    private static int indexOf(byte[] text, byte[] bytes, int from, int to) {
        for (int at = from; at + text.length <= to; at++) {
            if (Octets.startsWith(bytes, at, to, text)) {
                return at;
            }
        }
        return -1;
    }
}
