package io.tidegate.cli;

import java.time.Duration;

/** How long ago, for people: the two largest units, {@code 3m 12s}. */
final class Age {

    private Age() {}

    static String shown(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m " + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }
}
