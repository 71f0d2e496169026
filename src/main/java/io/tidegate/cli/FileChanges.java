package io.tidegate.cli;

import java.io.IOException;

/** Changes that are made of what is in a file, one of each piece. */
abstract class FileChanges implements ChangeSource {

    final DocumentSource source;

    FileChanges(DocumentSource source) {
        this.source = source;
    }

    @Override
    public final boolean next() throws IOException {
        return source.next();
    }

    @Override
    public final boolean nextBuffered() {
        return source.nextBuffered();
    }

    @Override
    public final long number() {
        return source.number();
    }

    @Override
    public final long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public final String unit() {
        return source.unit();
    }
}
