package io.tidegate.server;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the settings. All of it is told at once: who has to mend three things shall not start three times. */
final class Problems {

    private final List<String> lines = new ArrayList<>();

    /** A check of its own, whose failure is one of the problems. */
    interface Check {
        void run() throws StartException;
    }

    void add(String line) {
        lines.add(line);
    }

    void collect(Check check) {
        try {
            check.run();
        } catch (StartException e) {
            add(String.valueOf(e.getMessage()));
        }
    }

    /** Ends the start if there is any. */
    void throwIfAny() throws StartException {
        if (lines.size() == 1) {
            throw new StartException(lines.get(0));
        }
        if (!lines.isEmpty()) {
            throw new StartException(lines.size() + " settings are wrong:\n  " + String.join("\n  ", lines));
        }
    }
}
