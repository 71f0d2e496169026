package io.tidegate.connection;

import io.tidegate.document.Changed;
import io.tidegate.document.DocumentView;
import io.tidegate.document.Update;
import io.tidegate.document.Utf8Buffer;
import io.tidegate.feed.EventEncoder;
import io.tidegate.wire.Events;

/** Joins the feed and the wire: what is stored and fanned out are event lines. */
public final class LineEvents implements EventEncoder {

    @Override
    public int update(Update update, Utf8Buffer target) {
        return Events.update(update, target);
    }

    @Override
    public void changed(Changed document, Utf8Buffer target) {
        Events.changed(document, target);
    }

    @Override
    public void document(DocumentView document, Utf8Buffer target) {
        Events.document(document, target);
    }
}
