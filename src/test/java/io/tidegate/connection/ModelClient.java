package io.tidegate.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.DocumentName;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Feed;
import io.tidegate.feed.MemoryFeedLog;
import io.tidegate.feed.Wakeup;
import io.tidegate.wire.Line;
import io.tidegate.wire.Lines;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** One client of a {@link WatchModel}: keeps what it is told, and checks each event against what was accepted. */
final class ModelClient {

    private final Random random;
    private final Feed feed;
    private final ConnectionSettings settings;
    private final History history;
    private final WatchTally tally;

    private boolean followsUpdatesOnly;

    private Session<Line> session;

    /** It was signalled, or was given lines with its last look: it looks when there is reason to, and only then. */
    private boolean due;

    private boolean leaving;

    private final Transcript transcript = new Transcript();

    // What it knows.
    private Selection selection = Selection.NONE;
    private final SortedMap<DocumentName, String> state = new TreeMap<>();
    private final SortedMap<DocumentName, String> arriving = new TreeMap<>();
    private long position = -1;
    private boolean following;
    private boolean resyncing;

    /** It was told that steps are left out. */
    private boolean condensed;

    private boolean owesCaughtUp;
    private long headAtLastLook;
    private long announced = -1;

    ModelClient(Random random, Feed feed, ConnectionSettings settings, History history, WatchTally tally) {
        this.random = random;
        this.feed = feed;
        this.settings = settings;
        this.history = history;
        this.tally = tally;
        session = open();
        begin();
    }

    private Session<Line> open() {
        due = true;
        leaving = false;
        return new Session<>(
                feed,
                settings,
                SessionFixture.OPEN,
                SessionFixture.TCP,
                List::of,
                new Wakeup(Runnable::run, () -> due = true),
                System::nanoTime);
    }

    /** What was said last, for whom looks into a failure. */
    String recent() {
        return transcript.recent();
    }

    boolean isDue() {
        return due;
    }

    // ---- what it does

    private void say(String request) {
        transcript.asked(request);
        session.line(Lines.text(request));
        due = true;
    }

    private void begin() {
        state.clear();
        position = -1;
        followsUpdatesOnly = random.nextInt(5) == 0;
        selection = random.nextInt(3) == 0 ? Selection.NONE : Selection.of(WatchWords.any(random));
        selection = random.nextInt(12) == 0 ? Selection.ALL : selection;
        say((followsUpdatesOnly ? "updates" : "follow") + (selection.isAll() ? "" : " " + WatchWords.of(selection)));
    }

    /** Asks for something, if the server would read it now. */
    void ask() {
        if (!session.wantsInput()) {
            return;
        }
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> say("watch " + WatchWords.of(WatchWords.any(random)));
            case 4, 5, 6 -> say("unwatch " + WatchWords.of(likelySelectors()));
            case 7 -> say(random.nextBoolean() ? "sync" : "sync " + WatchWords.of(WatchWords.any(random)));
            case 8 -> say("ping");
            default -> {
                if (!following && transcript.isAnswered()) {
                    begin();
                } else {
                    session.heartbeat();
                }
            }
        }
    }

    /** Mostly such as it has asked for. */
    private List<Selector> likelySelectors() {
        List<Selector> given = List.copyOf(selection.given());
        return given.isEmpty() || random.nextInt(6) == 0
                ? WatchWords.any(random)
                : List.of(given.get(random.nextInt(given.size())));
    }

    /** Its connection breaks, and it comes back with its whole selection. */
    void reconnect() {
        transcript.broke();
        session.close();
        resume();
    }

    private void resume() {
        transcript.begin();
        arriving.clear();
        announced = -1;
        resyncing = false;
        owesCaughtUp = false;
        session = open();
        boolean resumes = following && position >= 0;
        following = false;
        if (!resumes) {
            begin();
            return;
        }
        tally.resumed++;
        // What was not answered was not added.
        state.keySet().removeIf(name -> !selection.includes(name));
        String verb = followsUpdatesOnly ? "updates" : "follow";
        say(verb + " after " + MemoryFeedLog.EPOCH + ":" + position
                + (selection.isAll() ? "" : " " + WatchWords.of(selection)));
    }

    void leave() {
        if (!leaving) {
            leaving = true;
            session.shutdown(SessionFixture.SHUTDOWN);
            session.inputEnded();
        }
    }

    /** Looks once. */
    void poll() throws Exception {
        if (!due) {
            return;
        }
        due = false;
        long head = history.head();
        EventLines lines = session.poll();
        if (lines != null) {
            due = true;
            for (String line : lines.bytes().utf8String().split("\n", -1)) {
                if (!line.isEmpty()) {
                    transcript.told(line);
                    take(ToldEvent.of(line));
                }
            }
        }
        headAtLastLook = head;
        if (session.isFinished()) {
            session.close();
            resume();
        }
    }

    // ---- what it is told

    private void take(ToldEvent event) {
        switch (event.type()) {
            case "snapshot" -> announced = event.documents();
            case "document" ->
                assertThat(arriving.put(event.name(), requireNonNull(event.value())))
                        .as("the document before %s", event)
                        .isNull();
            case "synced" -> synced(event.seq(), event.documents());
            case "subscribed" -> subscribed(event.seq());
            case "caughtup" -> caughtUp(event.seq());
            case "put", "delete" -> update(event);
            case "heartbeat" -> moveTo(event.seq());
            case "watching" -> watching(event.seq(), event.documents());
            case "unwatched" -> unwatched(event.seq());
            case "condensed" -> {
                condensed = true;
                owesCaughtUp = true;
            }
            case "resync" -> {
                tally.resyncs++;
                resyncing = true;
                following = false;
                // It never caught up.
                owesCaughtUp = false;
                state.clear();
            }
            case "pong" -> assertThat(transcript.answered()).isEqualTo("ping");
            case "goodbye" -> {
                tally.goodbyes++;
                if (following) {
                    moveTo(event.seq());
                }
            }
            case "error" -> refused(event.code());
            default -> throw new AssertionError("what is " + event + "?");
        }
    }

    private Selection withAsked() {
        return transcript.isAsked("watch") ? selection.with(transcript.askedSelectors()) : selection;
    }

    private void requireCount(long documents) {
        assertThat(arriving).hasSize((int) documents);
        assertThat(announced).isIn(-1L, documents);
        announced = -1;
    }

    private void synced(long seq, long documents) {
        requireCount(documents);
        if (transcript.isAsked("sync") && !resyncing) {
            List<Selector> selectors = transcript.askedSelectors();
            transcript.answered();
            Selection of = selectors.isEmpty() ? Selection.ALL : Selection.of(selectors);
            assertThat(arriving).as("documents of %s at %s", of, seq).isEqualTo(history.documents(of, seq));
        } else {
            // One that was lost while something was being added starts anew with all of it.
            assertThat(arriving)
                    .as("documents of %s at %s", selection, seq)
                    .isIn(history.documents(selection, seq), history.documents(withAsked(), seq));
            state.putAll(arriving);
            position = seq;
        }
        arriving.clear();
    }

    private void subscribed(long seq) {
        if (transcript.isAsked("follow") || transcript.isAsked("updates")) {
            transcript.answered();
        }
        if (position < 0 || followsUpdatesOnly) {
            position = seq;
        }
        assertThat(seq).as("where it begins").isEqualTo(position);
        following = true;
        resyncing = false;
        assertThat(owesCaughtUp).as("a subscription within another").isFalse();
        owesCaughtUp = true;
        condensed = false;
    }

    private void caughtUp(long seq) {
        assertThat(owesCaughtUp).as("has not caught up").isTrue();
        assertThat(leaving).isFalse();
        owesCaughtUp = false;
        tally.caughtUp++;
        moveTo(seq);
        condensed = false;
        assertThat(seq).as("everything that was committed").isGreaterThanOrEqualTo(headAtLastLook);
    }

    private void update(ToldEvent event) {
        long seq = event.seq();
        moveTo(seq - 1);
        History.Step step = history.at(seq);
        assertThat(event.name()).isEqualTo(step.name());
        assertThat(event.value()).isEqualTo(step.value());
        assertThat(selection.includes(step.name()))
                .as("%s is of %s", event, selection)
                .isTrue();
        position = seq;
        step.applyTo(state);
    }

    /** Nothing that concerns it is between. */
    private void moveTo(long seq) {
        assertThat(following).as("following at %s", seq).isTrue();
        assertThat(seq).as("goes on").isGreaterThanOrEqualTo(position);
        assertThat(history.concerning(selection, position, seq).stream()
                        .filter(left -> !condensed
                                || !history.changedAfter(history.at(left).name(), left)))
                .as("left out of %s", selection)
                .isEmpty();
        position = seq;
    }

    private void watching(long seq, long documents) {
        moveTo(seq);
        requireCount(documents);
        Selection all = withAsked();
        List<Selector> added = transcript.askedSelectors().stream()
                .filter(one -> !selection.covers(one))
                .toList();
        arriving.keySet()
                .forEach(name -> assertThat(Selection.of(added).includes(name)).isTrue());
        if (documents > 0) {
            tally.watchedWithDocuments++;
            assertThat(arriving).isEqualTo(history.documents(Selection.of(added), seq));
        } else if (!added.isEmpty() && !followsUpdatesOnly && !state.isEmpty()) {
            tally.resyncsThatAnswer += state.keySet().stream().allMatch(selection::includes) ? 0 : 1;
        }
        transcript.answered();
        state.putAll(arriving);
        arriving.clear();
        selection = all;
        tally.watched++;
        requireState(seq);
    }

    private void unwatched(long seq) {
        moveTo(seq);
        List<Selector> taken = transcript.askedSelectors();
        transcript.answered();
        assertThat(selection.given()).containsAll(taken);
        selection = selection.without(taken);
        state.keySet().removeIf(name -> !selection.includes(name));
        tally.unwatched++;
        requireState(seq);
    }

    private void requireState(long seq) {
        if (!followsUpdatesOnly) {
            SortedMap<DocumentName, String> expected = history.documents(selection, seq);
            SortedMap<DocumentName, String> kept = new TreeMap<>(state);
            if (condensed) {
                expected.keySet().removeIf(name -> history.changedAfter(name, seq));
                kept.keySet().removeIf(name -> history.changedAfter(name, seq));
            }
            assertThat(kept).as("documents of %s at %s", selection, seq).isEqualTo(expected);
        }
    }

    private void refused(String code) {
        tally.refused++;
        if (code.equals("position-unavailable")) {
            assertThat(followsUpdatesOnly).isTrue();
            following = false;
            owesCaughtUp = false;
            if (transcript.isAsked("updates")) {
                transcript.answered();
            }
            return;
        }
        String verb = transcript.askedVerb();
        switch (code) {
            case "not-subscribed" -> assertThat(following).isFalse();
            case "selection-too-large" ->
                assertThat(settings.selections().refusal(withAsked())).isNotNull();
            case "draining" -> assertThat(leaving && verb.equals("watch")).isTrue();
            case "bad-request" -> {
                assertThat(verb).isEqualTo("unwatch");
                assertThat(selection.isAll() || !selection.given().containsAll(transcript.askedSelectors()))
                        .isTrue();
            }
            default -> throw new AssertionError(code);
        }
        transcript.answered();
    }

    /** Nothing more is to come. */
    void requireIsUpToDate() {
        transcript.requireAnswered();
        if (following) {
            assertThat(owesCaughtUp).isFalse();
            moveTo(history.head());
            condensed = false;
            requireState(history.head());
        }
    }

    void close() {
        session.close();
    }
}
