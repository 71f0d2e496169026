package io.tidegate.feed;

import io.tidegate.document.Position;
import io.tidegate.document.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The epochs of a log, oldest first: each time that a log is opened to be written to, one begins.
 *
 * <pre>
 *  numbers   1 … 20    21 … 20    21 … 57    58 … head
 *  epoch     k7f3x2ab  qh20slbw   m4c1d9oe   xmqobv1a: the newest
 * </pre>
 *
 * <p>An epoch's name is random and never given again. So a number alone says nothing, but a number together with the name of an
 * epoch says what its history is: what the log held when that epoch began, and what was appended since, up to that number. A
 * log that lost its newest updates, or a copy that is put back, has other epochs from there on, and whoever has seen more than
 * it remembers of an epoch is told so.
 *
 * <p>Immutable.
 */
public final class Epochs {

    /** Of more than these the older half becomes one, with a name of its own: positions in them can no longer be resumed from. */
    static final int MAX_EPOCHS = 1000;

    private static final int NAME_LENGTH = 8;
    private static final int MERGED_LENGTH = 11;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String LETTERS_AND_DIGITS = LETTERS + "0123456789";

    /** Of a log that nobody has ever opened. */
    public static final Epochs NONE = new Epochs(List.of());

    /** Where each of them began: after that number. */
    private final List<Position> starts;

    private Epochs(List<Position> starts) {
        this.starts = List.copyOf(starts);
    }

    /** One with that name that began with the log. */
    public static Epochs of(String name) {
        return new Epochs(List.of(new Position(name, 0)));
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Epochs parse(String text) {
        List<Position> starts =
                Arrays.stream(text.split(" ", -1)).map(Position::parse).toList();
        for (int i = 0; i < starts.size(); i++) {
            if (starts.get(i).seq() < (i == 0 ? 0 : starts.get(i - 1).seq())
                    || (i == 0 && starts.get(i).seq() != 0)) {
                throw new IllegalArgumentException("the epochs are not in order: " + text);
            }
        }
        return new Epochs(starts);
    }

    /**
     * The epochs when one more has begun.
     *
     * @param head the last number that the log holds: what the epochs before have beyond it is lost
     */
    public Epochs begin(long head) {
        return begin(newName(), head);
    }

    /**
     * The same where its name was given elsewhere.
     *
     * @param name that no other epoch has, of this log or another
     */
    public Epochs begin(String name, long head) {
        List<Position> more = new ArrayList<>(starts);
        more.replaceAll(start -> new Position(start.epoch(), Math.min(start.seq(), head)));
        if (more.size() >= MAX_EPOCHS) {
            more.subList(0, MAX_EPOCHS / 2).clear();
            more.set(0, new Position(merged(more.get(0).epoch(), name), 0));
        }
        more.add(new Position(name, more.isEmpty() ? 0 : head));
        return new Epochs(more);
    }

    /** The same wherever the same epochs are merged: several nodes tell the positions of documents by it. */
    private static String merged(String oldest, String newest) {
        byte[] digest = Sha256.of((oldest + " " + newest).getBytes(StandardCharsets.US_ASCII));
        var name = new StringBuilder("m");
        for (int i = 0; i < MERGED_LENGTH; i++) {
            name.append(LETTERS_AND_DIGITS.charAt((digest[i] & 0xff) % LETTERS_AND_DIGITS.length()));
        }
        return name.toString();
    }

    /** A name that was never given, and never will be. */
    public static String newName() {
        var random = new SecureRandom();
        var name = new StringBuilder(NAME_LENGTH).append(any(LETTERS, random));
        while (name.length() < NAME_LENGTH) {
            name.append(any(LETTERS_AND_DIGITS, random));
        }
        return name.toString();
    }

    private static char any(String characters, SecureRandom random) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return starts.isEmpty();
    }

    /** Whether one of them has that name. */
    public boolean has(String name) {
        return starts.stream().anyMatch(start -> start.epoch().equals(name));
    }

    /** How many there are. */
    public int count() {
        return starts.size();
    }

    /** The name of the one that new updates are in. */
    public String newest() {
        return starts.get(starts.size() - 1).epoch();
    }

    /** The position of an update under the name that it got with its number: the same after every restart. */
    public Position of(long seq) {
        int after = 0;
        int before = starts.size();
        // The last epoch that began before that number; those that ended without an update begin where the next one
        // does.
        while (before - after > 1) {
            int middle = (after + before) >>> 1;
            if (starts.get(middle).seq() < seq) {
                after = middle;
            } else {
                before = middle;
            }
        }
        return new Position(starts.get(after).epoch(), seq);
    }

    /**
     * Whether that position is in the history of this log: whoever is there has seen the same updates as this log holds.
     *
     * @param head the last number that the log holds
     */
    public boolean include(Position position, long head) {
        for (int i = starts.size() - 1; i >= 0; i--) {
            if (starts.get(i).epoch().equals(position.epoch())) {
                long end = i + 1 < starts.size() ? starts.get(i + 1).seq() : head;
                return position.seq() <= end;
            }
        }
        return false;
    }

    /**
     * Whether that position is not in the history of this log yet, and may still be: the newest epoch goes on.
     *
     * @param head the last number that the log holds
     */
    public boolean mayCome(Position position, long head) {
        return position.seq() > head && position.epoch().equals(newest());
    }

    /** The written form, for example {@code k7f3x2ab:0 qh20slbw:20}. */
    @Override
    public String toString() {
        return starts.stream().map(Position::toString).collect(Collectors.joining(" "));
    }
}
