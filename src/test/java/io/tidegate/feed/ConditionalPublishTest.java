package io.tidegate.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.document.Change;
import io.tidegate.document.Collection;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Key;
import io.tidegate.document.Position;
import io.tidegate.document.Precondition;
import io.tidegate.document.StoredDocument;
import io.tidegate.feed.Publication.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Preconditions, which are checked when a change's turn in the order comes. */
@Timeout(120)
class ConditionalPublishTest extends FeedFixture {

    private static final DocumentName K = new DocumentName(new Collection("c"), new Key("k"));
    private static final Change DELETE = Change.delete("c", "k");
    private static final Change OTHER = Change.put("c", "other", "1");

    private final Feed feed = feed();

    private static Position at(long seq) {
        return new Position(MemoryFeedLog.EPOCH, seq);
    }

    private Publication publish(Change change) {
        return feed.publish(change, FeedFixture::nobody);
    }

    private Publication publish(Change change, Precondition precondition) {
        return feed.publish(change, precondition, FeedFixture::nobody);
    }

    private Publication commit(Change change, Precondition precondition) {
        Publication publication = publish(change, precondition);
        commits.runAll();
        return publication;
    }

    private static void assertFailedAt(long seq, Publication publication) {
        assertThat(publication.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(publication.seq()).isZero();
        assertThat(publication.current()).isEqualTo(at(seq));
    }

    private static void assertFailedWithoutDocument(Publication publication) {
        assertThat(publication.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(publication.seq()).isZero();
        assertThat(publication.current()).isNull();
    }

    // ---- across groups

    @Test
    void aDocumentIsCreatedOnlyOnce() {
        Publication first = commit(CHANGE, Precondition.mustNotExist());
        Publication second = commit(CHANGE, Precondition.mustNotExist());

        assertThat(first.seq()).isEqualTo(1);
        assertFailedAt(1, second);
    }

    @Test
    void aDocumentIsChangedOnlyIfItIsThere() {
        Publication early = commit(CHANGE, Precondition.mustExist());
        Publication creation = commit(CHANGE, Precondition.none());
        Publication change = commit(CHANGE, Precondition.mustExist());

        assertFailedWithoutDocument(early);
        assertThat(creation.seq()).isEqualTo(1);
        assertThat(change.seq()).isEqualTo(2);
    }

    @Test
    void aDocumentIsChangedOnlyFromThePositionsThatAreNamed() {
        commit(CHANGE, Precondition.none());
        commit(OTHER, Precondition.none());

        Publication wrong = commit(CHANGE, Precondition.mustBeAt(at(2)));
        Publication right = commit(CHANGE, Precondition.mustBeAt(Set.of(at(1), at(7))));
        Publication late = commit(CHANGE, Precondition.mustBeAt(at(1)));

        assertFailedAt(1, wrong);
        assertThat(right.seq()).isEqualTo(3);
        assertFailedAt(3, late);
    }

    @Test
    void aDocumentIsChangedUnlessItIsAtAPositionThatIsNamed() {
        Publication missing = commit(CHANGE, Precondition.mustNotBeAt(Set.of(at(9))));
        Publication same = commit(CHANGE, Precondition.mustNotBeAt(Set.of(at(1))));
        Publication other = commit(CHANGE, Precondition.mustNotBeAt(Set.of(at(9))));

        assertThat(missing.seq()).isEqualTo(1);
        assertFailedAt(1, same);
        assertThat(other.seq()).isEqualTo(2);
    }

    @Test
    void aPositionOfAnotherEpochIsNotTheDocuments() {
        commit(CHANGE, Precondition.none());

        Publication publication = commit(CHANGE, Precondition.mustBeAt(new Position("other", 1)));

        assertFailedAt(1, publication);
    }

    @Test
    void aDeletedDocumentIsNotThereUntilItIsPutAgain() {
        commit(CHANGE, Precondition.none());

        Publication delete = commit(DELETE, Precondition.mustBeAt(at(1)));
        Publication again = commit(DELETE, Precondition.mustExist());
        Publication creation = commit(CHANGE, Precondition.mustNotExist());
        Publication old = commit(CHANGE, Precondition.mustBeAt(at(1)));

        assertThat(delete.seq()).isEqualTo(2);
        assertFailedWithoutDocument(again);
        assertThat(creation.seq()).isEqualTo(3);
        assertFailedAt(3, old);
    }

    @Test
    void deletingWhatIsNotThereIsAnUpdateAsBefore() {
        Publication publication = commit(DELETE, Precondition.none());

        assertThat(publication.seq()).isEqualTo(1);
    }

    // ---- within a group

    @Test
    void ofManyInOneGroupThatAskForOnePositionTheFirstIsTaken() {
        commit(CHANGE, Precondition.none());

        List<Publication> writers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            writers.add(publish(CHANGE, Precondition.mustBeAt(at(1))));
        }
        commits.runAll();

        assertThat(writers.get(0).seq()).isEqualTo(2);
        assertThat(writers.subList(1, 5)).allSatisfy(loser -> assertFailedAt(2, loser));
        assertThat(groups()).containsExactly(1, 1);
    }

    @Test
    void changesEarlierInTheGroupCount() {
        publish(OTHER);
        publish(CHANGE);
        Publication existing = publish(CHANGE, Precondition.mustNotExist());
        publish(DELETE);
        Publication gone = publish(CHANGE, Precondition.mustExist());
        Publication recreated = publish(CHANGE, Precondition.mustNotExist());
        Publication next = publish(DELETE, Precondition.mustBeAt(at(4)));
        Publication last = publish(CHANGE, Precondition.mustExist());
        commits.runAll();

        assertFailedAt(2, existing);
        assertFailedWithoutDocument(gone);
        assertThat(recreated.seq()).isEqualTo(4);
        assertThat(next.seq()).isEqualTo(5);
        assertFailedWithoutDocument(last);
        assertThat(groups()).containsExactly(5);
    }

    @Test
    void aFailedPreconditionTakesNoNumberAndHarmsNoOther() {
        Publication before = publish(OTHER);
        Publication failing = publish(CHANGE, Precondition.mustExist());
        Publication after = publish(OTHER);
        commits.runAll();

        assertThat(before.seq()).isEqualTo(1);
        assertFailedWithoutDocument(failing);
        assertThat(after.seq()).isEqualTo(2);
        assertThat(feed.head()).isEqualTo(at(2));
        assertThat(feed.committedUpdates()).isEqualTo(2);
        assertThat(log.batches().get(0).stored()).asString().doesNotContain("c/k");
        assertThat(log.orderState().offset()).as("all had their turn").isEqualTo(3);
    }

    @Test
    void aGroupOfWhichNothingIsLeftIsNotCommitted() {
        log.beforeAppend(() -> {
            throw new AssertionError("nothing is to be appended");
        });

        publish(CHANGE, Precondition.mustExist());
        publish(DELETE, Precondition.mustExist());
        commits.runAll();

        assertThat(log.batches()).isEmpty();
        assertThat(feed.head()).isEqualTo(at(0));
        assertThat(feed.storeFailure()).isNull();
        assertThat(feed.drain()).isCompletedWithValue(0L);
    }

    @Test
    void changesWithoutPreconditionsReadNothing() {
        publish(CHANGE);
        publish(CHANGE, Precondition.none());
        publish(OTHER);
        commits.runAll();

        assertThat(log.documentReads()).isZero();
    }

    @Test
    void aDocumentIsReadOnceForAllOfAGroupThatAskForIt() {
        for (int i = 0; i < 10; i++) {
            publish(CHANGE, Precondition.mustExist());
        }
        commits.runAll();

        assertThat(log.documentReads()).isEqualTo(1);
    }

    // ---- a store that fails

    @Test
    void whatFailedBecauseOfAChangeThatWasNotCommittedIsNotSaidToHaveFailed() {
        log.failAppends(new FeedLogException("no space"));

        publish(CHANGE);
        Publication second = publish(CHANGE, Precondition.mustNotExist());
        commits.runAll();
        log.failAppends(null);
        Publication third = commit(CHANGE, Precondition.mustNotExist());

        assertThat(second.refusal()).isEqualTo(Refusal.STORE_FAILED);
        assertThat(second.current()).isNull();
        assertThat(third.seq()).isEqualTo(1);
    }

    @Test
    void aDocumentThatCannotBeReadFailsOnlyThoseWhoAskForIt() {
        log.failReadsOf(K);

        Publication asking = publish(CHANGE, Precondition.mustExist());
        Publication notAsking = publish(CHANGE);
        Publication other = publish(OTHER, Precondition.mustNotExist());
        commits.runAll();

        assertThat(asking.refusal()).isEqualTo(Refusal.STORE_FAILED);
        assertThat(notAsking.seq()).isEqualTo(1);
        assertThat(other.seq()).isEqualTo(2);
    }

    @Test
    void aDrainingFeedTakesNoConditionalChangesEither() {
        var unused = feed.drain();

        Publication late = publish(CHANGE, Precondition.mustNotExist());

        assertThat(late.refusal()).isEqualTo(Refusal.DRAINING);
        assertThat(late.current()).isNull();
    }

    // ---- reads

    private CompletableFuture<Optional<StoredDocument>> read() {
        return feed.read(K.collection(), K.key()).toCompletableFuture();
    }

    @Test
    void aReadHasAllThatWasCommittedBeforeIt() {
        commit(CHANGE, Precondition.none());
        commit(Change.put("c", "k", "2"), Precondition.none());

        assertThat(read()).isCompletedWithValue(Optional.of(new StoredDocument(at(2), Json.of("2"))));
    }

    @Test
    void aReadOfWhatIsNotThereIsEmpty() {
        CompletableFuture<Optional<StoredDocument>> before = read();
        commit(CHANGE, Precondition.none());
        commit(DELETE, Precondition.none());
        CompletableFuture<Optional<StoredDocument>> after = read();

        assertThat(before).isCompletedWithValue(Optional.empty());
        assertThat(after).isCompletedWithValue(Optional.empty());
    }

    @Test
    void aReadFailsWithTheStore() {
        log.failReadsOf(K);

        assertThat(read()).isCompletedExceptionally();
    }

    // ---- many threads

    @Test
    void ofEightThreadsThatChangeADocumentFromOnePositionOneWinsEachRound() throws Exception {
        int writers = 8;
        int rounds = 500;
        ExecutorService committer = Executors.newSingleThreadExecutor();
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        var racing = new Feed(
                log,
                FeedLimits.roomy().settings(),
                new TextEncoder(),
                committer,
                Runnable::run,
                Runnable::run,
                CommitObserver.NONE);
        var together = new CyclicBarrier(writers);
        Callable<List<Publication>> writer = () -> race(racing, rounds, together);

        List<Publication> all = new ArrayList<>();
        for (Future<List<Publication>> result :
                pool.invokeAll(List.of(writer, writer, writer, writer, writer, writer, writer, writer))) {
            all.addAll(result.get());
        }
        pool.shutdown();
        committer.shutdown();

        List<Long> winners = all.stream()
                .map(Publication::seq)
                .filter(seq -> seq > 0)
                .sorted()
                .toList();
        assertThat(winners).hasSize(rounds).doesNotHaveDuplicates().endsWith((long) rounds);
        assertThat(all.stream().filter(publication -> publication.refusal() == Refusal.PRECONDITION_FAILED))
                .hasSize((writers - 1) * rounds);
        assertThat(racing.head()).isEqualTo(at(rounds));
    }

    /** Changes the document from where it is after each round. */
    private static List<Publication> race(Feed racing, int rounds, CyclicBarrier together) throws Exception {
        List<Publication> mine = new ArrayList<>();
        Precondition unchanged = Precondition.mustNotExist();
        for (int round = 0; round < rounds; round++) {
            together.await(60, TimeUnit.SECONDS);
            Publication publication = publishAndWait(racing, unchanged);
            mine.add(publication);
            Position seen =
                    publication.seq() > 0 ? at(publication.seq()) : Objects.requireNonNull(publication.current());
            unchanged = Precondition.mustBeAt(seen);
        }
        return mine;
    }

    private static Publication publishAndWait(Feed to, Precondition precondition) throws Exception {
        var settled = new CompletableFuture<Void>();
        Publication publication = to.publish(CHANGE, precondition, () -> settled.complete(null));
        settled.get(60, TimeUnit.SECONDS);
        return publication;
    }
}
