package io.tidegate.wire;

import java.nio.charset.StandardCharsets;

/** Lines as the decoder gives them, for tests of what reads them. */
public final class Lines {

    private Lines() {}

    public static Line.Text text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Line.Text(bytes, 0, bytes.length);
    }
}
