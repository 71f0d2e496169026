package io.tidegate.cli.bench;

/** Writes the digits of a document's names into a request that was made from their {@linkplain Documents forms}. */
final class NameDigits {

    private final Documents documents;
    private final int group;
    private final int number;

    /** @param form has the forms of the names */
    NameDigits(Documents documents, byte[] form) {
        this.documents = documents;
        group = indexOf(form, Documents.GROUP);
        number = indexOf(form, Documents.NUMBER);
    }

    private static int indexOf(byte[] form, char digit) {
        int at = 0;
        while (at < form.length && form[at] != digit) {
            at++;
        }
        return at < form.length ? at : -1;
    }

    /** Writes those of one document into the request that begins at {@code offset}. */
    void write(byte[] bytes, int offset, long document) {
        Octets.putDecimal(bytes, offset + number, Documents.DIGITS, document);
        if (group >= 0) {
            Octets.putDecimal(bytes, offset + group, Documents.DIGITS, documents.selection(document));
        }
    }
}
