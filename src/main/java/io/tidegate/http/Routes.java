package io.tidegate.http;

import java.util.concurrent.CompletionStage;

/** Answers the requests of a listener. Thread-safe. */
public interface Routes {

    /**
     * Answers one request. It does not block.
     *
     * @return may fail with {@link Problem.Refusal}; any other failure is a bug, and the answer is 500
     * @throws Problem.Refusal as the answer
     */
    CompletionStage<Reply> answer(Call call) throws Problem.Refusal;
}
