package io.tidegate.journey;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What was measured when a server was stopped under load; the times are milliseconds from the trigger.
 *
 * @param perSecond acknowledgements per second before the trigger
 * @param served probing connections that were served
 * @param reset probing connections that still waited to be accepted when the listener closed
 * @param lastLetIn when the last connection that was not refused was asked for
 * @param refused when the first connection was refused
 * @param latenessMicros how late the machine woke a thread meanwhile, in microseconds
 * @param lastGoodbye when the last follower had its goodbye and FIN
 * @param resets when each client that did not read was reset, in milliseconds from the first refusal: the listener's end is
 *     where the server's deadline counts from
 * @param gone when the process was gone
 * @param exitCode of the process
 */
record Figures(
        long perSecond,
        int served,
        int reset,
        long lastLetIn,
        long refused,
        long latenessMicros,
        long lastGoodbye,
        List<Long> resets,
        long gone,
        int exitCode) {

    static long median(List<Figures> figures, ToLongFunction<Figures> figure) {
        return medianOfAll(figures, each -> List.of(figure.applyAsLong(each)));
    }

    static long medianOfAll(List<Figures> figures, Function<Figures, List<Long>> all) {
        List<Long> sorted = figures.stream()
                .flatMap(each -> all.apply(each).stream())
                .sorted()
                .toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** The medians, and how far the extremes are. */
    static String medians(List<Figures> figures) {
        return "acknowledgements/s " + spread(figures, Figures::perSecond)
                + ", last let in " + spread(figures, Figures::lastLetIn)
                + ", threads late by " + spread(figures, Figures::latenessMicros) + " µs"
                + ", last goodbye " + spread(figures, Figures::lastGoodbye)
                + ", gone " + spread(figures, Figures::gone)
                + ", resets " + medianOfAll(figures, Figures::resets) + " of "
                + figures.stream()
                        .flatMap(each -> each.resets().stream())
                        .mapToLong(Long::longValue)
                        .summaryStatistics();
    }

    private static String spread(List<Figures> figures, ToLongFunction<Figures> figure) {
        var all = figures.stream().mapToLong(figure).summaryStatistics();
        return median(figures, figure) + " (" + all.getMin() + " to " + all.getMax() + ")";
    }
}
