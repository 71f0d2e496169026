package io.tidegate.cli;

import io.tidegate.client.ChangeLine;
import io.tidegate.wire.Request;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a server printed, to be made so once more: documents, puts and deletes, with collections and keys of their own. */
final class PrintedChanges extends FileChanges {

    private static final byte[] SYNCED = "{\"event\":\"synced\",".getBytes(StandardCharsets.US_ASCII);

    /** Whether documents came behind which there is no end of their snapshot yet. */
    private volatile boolean isOpen;

    PrintedChanges(DocumentSource source) {
        super(source);
    }

    @Override
    public byte @Nullable [] request(String id) {
        Request.Publish publish = source.change();
        isOpen = source.isLine(SnapshotCopy.DOCUMENT) || (isOpen && !source.isLine(SYNCED));
        if (publish == null) {
            return null;
        }
        return ChangeLine.of(
                publish.change(), publish.id() == null ? id : publish.id().text());
    }

    /** Whether a snapshot that it has begun to print has no end: an export that broke is such, and GET /v1/documents. */
    boolean endsOpen() {
        return isOpen;
    }
}
