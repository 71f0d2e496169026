package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.document.PublicationId;
import io.tidegate.wire.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header by which a request that is sent again takes effect once (draft-ietf-httpapi-idempotency-key-header). */
final class IdempotencyKey {

    private static final String NAME = "Idempotency-Key";

    private IdempotencyKey() {}

    /**
     * The id of the change that is asked for, with or without the quotes of the draft; null if it has none.
     *
     * @throws Problem.Refusal 400 if it is none, or there are several
     */
    static @Nullable PublicationId of(HttpRequest request) throws Problem.Refusal {
        List<String> said = request.all(NAME);
        if (said.isEmpty()) {
            return null;
        }
        if (said.size() > 1) {
            throw bad("there is more than one");
        }
        String text = said.get(0).strip();
        boolean isQuoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        try {
            return new PublicationId(isQuoted ? text.substring(1, text.length() - 1) : text);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    private static Problem.Refusal bad(String why) {
        return Problem.of(HttpResponseStatus.BAD_REQUEST, ErrorCode.BAD_REQUEST, NAME + ": " + why)
                .refusal();
    }
}
