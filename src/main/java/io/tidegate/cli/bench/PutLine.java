package io.tidegate.cli.bench;

import io.tidegate.document.Collection;
import java.nio.charset.StandardCharsets;

/** The request with which a run publishes: always the same line but for the key and the mark in its value. */
final class PutLine {

    static final int MAX_KEYS = 100_000_000;

    private static final int KEY_DIGITS = 8;

    private final Mark mark;
    private final byte[] template;
    private final int key;
    private final int value;

    PutLine(Collection collection, Mark mark) {
        this.mark = mark;
        byte[] words = ("put " + collection + " k" + "0".repeat(KEY_DIGITS) + " ").getBytes(StandardCharsets.UTF_8);
        value = words.length;
        key = value - 1 - KEY_DIGITS;
        template = new byte[value + mark.valueBytes() + 1];
        System.arraycopy(words, 0, template, 0, words.length);
        System.arraycopy(mark.blank(), 0, template, value, mark.valueBytes());
        template[template.length - 1] = '\n';
    }

    int length() {
        return template.length;
    }

    void write(byte[] bytes, int offset, long keyNumber, int publisher, long number, long nanos) {
        System.arraycopy(template, 0, bytes, offset, template.length);
        Octets.putDecimal(bytes, offset + key, KEY_DIGITS, keyNumber);
        mark.write(bytes, offset + value, publisher, number, nanos);
    }
}
