package io.tidegate.access;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import java.util.Optional;

/**
 * What somebody may do. Immutable; equal if they allow the same.
 *
 * @param read the documents that may be read and followed
 * @param write the documents that may be put and deleted
 * @param admin whether the server may be watched and operated
 */
public record Rights(Selection read, Selection write, boolean admin) {

    public static final Rights ALL = new Rights(Selection.ALL, Selection.ALL, true);
    public static final Rights NONE = new Rights(Selection.NONE, Selection.NONE, false);

    /**
     * What is read for who asks for a selection: that, if all of it may be read, or everything that may be read for who names
     * nothing. Where the feed is, which is what the selection of nothing tells, may be known by who may write as well: each answer to a
     * change tells it.
     *
     * @return empty if something of it may not be read, or nothing at all
     */
    public Optional<Selection> reading(Selection asked) {
        if (asked.isNone() && !write.isNone()) {
            return Optional.of(asked);
        }
        if (read.isNone()) {
            return Optional.empty();
        }
        if (asked.isAll()) {
            return Optional.of(read);
        }
        return read.covers(asked) ? Optional.of(asked) : Optional.empty();
    }

    /**
     * What of a selection may be read, perhaps nothing, whatever of it may not.
     *
     * @return empty if nothing at all may be read
     */
    public Optional<Selection> readable(Selection asked) {
        return read.isNone() ? Optional.empty() : Optional.of(asked.within(read));
    }

    public boolean mayRead(DocumentName name) {
        return read.includes(name);
    }

    public boolean mayWrite(DocumentName name) {
        return write.includes(name);
    }

    /** Whether they allow everything that the others do. */
    public boolean cover(Rights others) {
        return read.covers(others.read) && write.covers(others.write) && (admin || !others.admin);
    }
}
