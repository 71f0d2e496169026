package io.tidegate.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Durations and sizes as people write them in settings. */
final class Units {

    private static final List<String> SIZES = List.of("bytes", "KiB", "MiB", "GiB", "TiB", "PiB");

    private Units() {}

    /** {@code 500 ms}, {@code 20 s}, {@code 1 h}, {@code 10,000 days}: the largest unit that it is a multiple of. */
    static String shown(Duration duration) {
        long millis = duration.toMillis();
        long seconds = duration.toSeconds();
        if (millis % 1000 != 0) {
            return number(millis) + " ms";
        }
        if (seconds > 0 && seconds % 86_400 == 0) {
            return number(seconds / 86_400) + (seconds == 86_400 ? " day" : " days");
        }
        return seconds > 0 && seconds % 3600 == 0 ? number(seconds / 3600) + " h" : number(seconds) + " s";
    }

    /** As a configuration can be told it: {@code 20 s}, {@code 5500 ms}. */
    static String plain(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** {@code 256 bytes}, {@code 64 KiB}, {@code 1 PiB}, likewise. */
    static String shown(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number > 0 && number % 1024 == 0 && unit < SIZES.size() - 1) {
            number /= 1024;
            unit++;
        }
        return number(number) + " " + SIZES.get(unit);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
