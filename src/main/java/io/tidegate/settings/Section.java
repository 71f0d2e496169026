package io.tidegate.settings;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One section of the settings; a setting is read by the method that says what it may be.
 *
 * <p>A value that is not allowed is noted and something allowed is handed out in its place, so that reading goes on and finds
 * the rest of what is wrong.
 */
public final class Section {

    private final SettingsReader reader;
    private final String name;

    Section(SettingsReader reader, String name) {
        this.reader = reader;
        this.name = name;
    }

    public static int kib(int number) {
        return number << 10;
    }

    public static int mib(int number) {
        return number << 20;
    }

    public static long gib(long number) {
        return number << 30;
    }

    /** A section in this one. */
    public Section section(String inner) {
        return new Section(reader, path(inner));
    }

    /** As it is written: {@code tidegate.http}. */
    public String name() {
        return "tidegate." + name;
    }

    private String path(String key) {
        return name + "." + key;
    }

    /** The setting with its value and where that comes from. */
    public String shown(String key) {
        return reader.shown(path(key));
    }

    /** Notes that values which are right by themselves do not fit each other. */
    public void misfit(String line) {
        reader.misfit(line);
    }

    private <T> T read(String key, String allowed, T standIn, Function<Config, @Nullable T> read) {
        return reader.value(path(key), "allowed is " + allowed, standIn, read);
    }

    public int number(String key, int least, int most) {
        return (int) number(key, (long) least, (long) most);
    }

    public long number(String key, long least, long most) {
        return number(key, "", least, most);
    }

    public int numberOrAuto(String key, int least, int most, int auto) {
        return isAuto(key, auto) ? auto : (int) number(key, "auto, or ", least, most);
    }

    private long number(String key, String or, long least, long most) {
        return read(key, or + "a whole number from " + least + " to " + most, least, config -> {
            long value = config.getLong(path(key));
            return isWithin(value, least, most) && config.getDouble(path(key)) == value ? value : null;
        });
    }

    public int powerOfTwo(String key, int least, int most) {
        return read(key, "a power of two from " + least + " to " + most, least, config -> {
            long value = config.getLong(path(key));
            return value >= least && value <= most && Long.bitCount(value) == 1 ? (int) value : null;
        });
    }

    public int bytes(String key, int least, int most) {
        return (int) bytes(key, (long) least, (long) most);
    }

    public long bytes(String key, long least, long most) {
        return bytes(key, "", least, most);
    }

    public int bytesOrAuto(String key, int least, int most, int auto) {
        return (int) bytesOrAuto(key, (long) least, (long) most, (long) auto);
    }

    public long bytesOrAuto(String key, long least, long most, long auto) {
        return isAuto(key, auto) ? auto : bytes(key, "auto, or ", least, most);
    }

    private long bytes(String key, String or, long least, long most) {
        String allowed = or + "a size from " + Units.shown(least) + " to " + Units.shown(most);
        return read(key, allowed, least, config -> {
            long value = config.getBytes(path(key));
            return isWithin(value, least, most) ? value : null;
        });
    }

    private static <T extends Comparable<T>> boolean isWithin(T value, T least, T most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private boolean isAuto(String key, long auto) {
        reader.autoIs(path(key), Long.toString(auto));
        return reader.isAuto(path(key));
    }

    public Duration duration(String key, Duration least, Duration most) {
        return duration(key, "", least, most);
    }

    /** Empty for "auto": tell what that is, when it is known, by {@link #autoIs}. */
    public Optional<Duration> durationUnlessAuto(String key, Duration least, Duration most) {
        return reader.isAuto(path(key)) ? Optional.empty() : Optional.of(duration(key, "auto, or ", least, most));
    }

    /** What "auto" is. */
    public void autoIs(String key, Duration auto) {
        reader.autoIs(path(key), '"' + Units.plain(auto) + '"');
    }

    private Duration duration(String key, String or, Duration least, Duration most) {
        String allowed = or + "a duration from " + Units.shown(least) + " to " + Units.shown(most);
        String bare = reader.bareNumber(path(key));
        if (!bare.isEmpty()) {
            String advice = bare + " what? Give it a unit, such as 30 s; allowed is " + allowed;
            return reader.value(path(key), advice, least, config -> null);
        }
        return read(key, allowed, least, config -> {
            Duration value = config.getDuration(path(key));
            return isWithin(value, least, most) ? value : null;
        });
    }

    public boolean isOn(String key) {
        return read(key, "on or off", false, config -> config.getBoolean(path(key)));
    }

    /** One of some words, each in the spelling that the operator makes of what was told. */
    public String word(String key, List<String> words, UnaryOperator<String> spelling) {
        return read(key, "one of " + new TreeSet<>(words), words.get(0), config -> {
            String word = spelling.apply(config.getString(path(key)));
            return words.contains(word) ? word : null;
        });
    }

    /** A name or an address to bind. */
    public String host(String key) {
        return read(key, "a name or an address, such as 127.0.0.1", "", config -> {
            String host = config.getString(path(key));
            return host.matches("[^\\s\\p{Cntrl}]+") ? host : null;
        });
    }

    public Path directory(String key) {
        return read(key, "the path of a directory", Path.of("."), config -> {
            String text = config.getString(path(key));
            Path directory = Path.of(text);
            return text.isBlank() || directory.toString().isEmpty() ? null : directory;
        });
    }

    /** The path of a file. */
    public Path file(String key) {
        return read(key, "the path of a file", Path.of("."), config -> pathOf(config.getString(path(key))));
    }

    /** The path of a file; empty if the setting is, or if there is none, as there need not be in an element of a list. */
    public Optional<Path> fileIfNamed(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        return read(key, "the path of a file, or nothing", Optional.empty(), config -> {
            String text = config.getString(path(key));
            Path file = pathOf(text);
            return file == null && !text.isEmpty() ? null : Optional.ofNullable(file);
        });
    }

    private static @Nullable Path pathOf(String text) {
        return text.isBlank() || text.chars().anyMatch(Character::isISOControl) ? null : Path.of(text);
    }

    /** A text that passes. */
    public String text(String key, String allowed, Predicate<String> isAllowed) {
        return read(key, allowed, "", config -> {
            String text = config.getString(path(key));
            return isAllowed.test(text) ? text : null;
        });
    }

    /** Whether the setting is there, where there need not be one: in an element of a list. */
    public boolean has(String key) {
        return reader.has(path(key));
    }

    /** A list of which each element passes. */
    public List<String> list(String key, String allowed, Predicate<String> isAllowed) {
        return list(key, allowed, List.of(), elements -> elements.stream().allMatch(isAllowed));
    }

    /** A list that passes as a whole. */
    public List<String> list(String key, String allowed, List<String> standIn, Predicate<List<String>> isAllowed) {
        return read(key, allowed, standIn, config -> {
            List<String> elements = config.getStringList(path(key));
            return isAllowed.test(elements) ? elements : null;
        });
    }

    /** A list of sections. The name of each is its number, {@code certificates.0}, and so are the names of its settings. */
    public List<Section> sections(String key, String allowed) {
        int count = reader.elements(path(key), "allowed is " + allowed);
        return IntStream.range(0, count)
                .mapToObj(number -> section(key + "." + number))
                .toList();
    }

    /** A section of somebody else's settings, as text, by their names. */
    public Map<String, String> foreign(String key, ForeignSettings foreign) {
        return reader.foreign(path(key), foreign);
    }
}
