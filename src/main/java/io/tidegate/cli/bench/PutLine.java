package io.tidegate.cli.bench;

import java.nio.charset.StandardCharsets;

/** A line of the line protocol: always the same but for the names and the mark in its value. */
final class PutLine implements Put {

    private static final byte[] ACCEPTED = "{\"event\":\"accepted\",\"seq\":".getBytes(StandardCharsets.US_ASCII);

    private final Mark mark;
    private final byte[] template;
    private final NameDigits names;
    private final int value;

    PutLine(Documents documents, Mark mark) {
        this.mark = mark;
        byte[] words = ("put " + documents.collectionForm() + " " + documents.keyForm() + " ")
                .getBytes(StandardCharsets.UTF_8);
        value = words.length;
        names = new NameDigits(documents, words);
        template = new byte[value + mark.valueBytes() + 1];
        System.arraycopy(words, 0, template, 0, words.length);
        System.arraycopy(mark.blank(), 0, template, value, mark.valueBytes());
        template[template.length - 1] = '\n';
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

    @Override
    public int answerEnd(byte[] bytes, int from, int to) {
        int newline = Octets.newline(bytes, from, to);
        return newline < 0 ? -1 : newline + 1;
    }

    @Override
    public long seq(byte[] bytes, int from, int to) throws BenchFailure {
        if (!Octets.startsWith(bytes, from, to, ACCEPTED)) {
            throw new BenchFailure("the server sent " + Octets.shown(bytes, from, to - 1));
        }
        return Octets.decimal(bytes, from + ACCEPTED.length, to);
    }
}
