package io.tidegate.shared;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** What is wrong with a shared log for a while, told in the log once, and once more when it is over. Thread-safe. */
final class Troubles {

    /** What may be wrong, each by itself. */
    enum Of {
        READING,
        PROPOSING,
        CONFIRMING,
        NAME
    }

    private final Logger log;
    private final Map<Of, String> told = new ConcurrentHashMap<>();

    Troubles(Logger log) {
        this.log = log;
    }

    /** It is told unless it was told last. */
    void begin(Of what, String trouble) {
        if (!trouble.equals(told.put(what, trouble))) {
            log.warn("{}", trouble);
        }
    }

    /** If something was wrong, it is no longer. */
    void end(Of what, String good) {
        if (told.remove(what) != null) {
            log.info("{}", good);
        }
    }
}
