package io.tidegate.cli;

import io.tidegate.client.ChangeLine;
import io.tidegate.wire.Request;
import org.jspecify.annotations.Nullable;

/** What a server printed, to be made so once more: documents, puts and deletes, with collections and keys of their own. */
final class PrintedChanges extends FileChanges {

    PrintedChanges(DocumentSource source) {
        super(source);
    }

    @Override
    public byte @Nullable [] request(String id) {
        Request.Publish publish = source.change();
        if (publish == null) {
            return null;
        }
        return ChangeLine.of(
                publish.change(), publish.id() == null ? id : publish.id().text());
    }
}
