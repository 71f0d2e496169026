package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;

/** What a client of the model and its server have said: what was not answered yet, and what was said last. */
final class Transcript {

    private static final int RECENT_LINES = 40;

    private final ArrayDeque<String> recent = new ArrayDeque<>();
    private final ArrayDeque<String> asked = new ArrayDeque<>();

    private void note(String line) {
        recent.add(line);
        if (recent.size() > RECENT_LINES) {
            recent.remove();
        }
    }

    void asked(String request) {
        note("→ " + request);
        asked.add(request);
    }

    void told(String line) {
        note("← " + line);
    }

    /** The connection broke by the client. */
    void broke() {
        note("→ (breaks)");
    }

    /** On another connection nothing is answered any more. */
    void begin() {
        asked.clear();
    }

    /** What was said last, for whom looks into a failure. */
    String recent() {
        return String.join("\n", recent);
    }

    /** Whether an answer to this is what comes next. */
    boolean isAsked(String verb) {
        return !asked.isEmpty() && asked.element().startsWith(verb);
    }

    /** Of the request that is answered next. */
    List<Selector> askedSelectors() {
        return Stream.of(asked.element().split(" "))
                .skip(1)
                .map(Selector::parse)
                .toList();
    }

    String askedVerb() {
        String request = asked.element();
        return request.substring(0, request.indexOf(' '));
    }

    /** The request that is answered next has been. */
    String answered() {
        return asked.remove();
    }

    boolean isAnswered() {
        return asked.isEmpty();
    }

    void requireAnswered() {
        assertThat(asked).as("answers that are owed").isEmpty();
    }
}
