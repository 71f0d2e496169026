package io.tidegate.wire;

import akka.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Gives each chunk as it came. */
public final class Chunks implements Decoder<ByteString, ByteString> {

    private @Nullable ByteString chunk;

    @Override
    public void take(ByteString bytes) {
        chunk = bytes;
    }

    @Override
    public @Nullable ByteString next() {
        ByteString next = chunk;
        chunk = null;
        return next;
    }
}
