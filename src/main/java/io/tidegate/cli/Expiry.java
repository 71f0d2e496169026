package io.tidegate.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When something ends, as people write it: so many days or hours from now, or a time. */
final class Expiry {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,5})([dh])");

    private Expiry() {}

    /** @throws IllegalArgumentException with a message for people */
    static Instant parse(String text, Instant now) {
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            ChronoUnit unit = span.group(2).equals("d") ? ChronoUnit.DAYS : ChronoUnit.HOURS;
            return now.plus(Long.parseLong(span.group(1)), unit);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "': it takes 90d, 12h, or a time such as 2027-01-31T00:00:00Z", e);
        }
    }
}
