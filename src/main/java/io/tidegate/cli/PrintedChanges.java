package io.tidegate.cli;

import io.tidegate.wire.Request;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a server printed, to be made so once more: documents, puts and deletes, with collections and keys of their own. */
final class PrintedChanges implements ChangeSource {

    private final DocumentSource source;

    PrintedChanges(DocumentSource source) {
        this.source = source;
    }

    @Override
    public boolean next() throws IOException {
        return source.next();
    }

    @Override
    public boolean nextBuffered() {
        return source.nextBuffered();
    }

    @Override
    public long number() {
        return source.number();
    }

    @Override
    public long bytesRead() {
        return source.bytesRead();
    }

    @Override
    public String unit() {
        return source.unit();
    }

    @Override
    public byte @Nullable [] request(String id) {
        Request.Publish publish = source.change();
        if (publish == null) {
            return null;
        }
        return ChangeSource.request(
                publish.change(), publish.id() == null ? id : publish.id().text());
    }
}
