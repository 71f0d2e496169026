package io.tidegate.shared;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * One stretch of a node's life, in which it proposes one record after the other: it ends with the process, or when a record may be lost.
 *
 * @param id never given again
 */
record Life(UUID id) {

    static final int BYTES = 16;

    static Life begin() {
        return new Life(UUID.randomUUID());
    }

    static Life read(ByteBuffer from) {
        return new Life(new UUID(from.getLong(), from.getLong()));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
