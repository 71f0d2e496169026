package io.tidegate.jetstream;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ApiResponse;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.PurgeResponse;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.tidegate.shared.Answers;
import io.tidegate.shared.SharedLogException;
import io.tidegate.shared.SharedLogException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The stream that is the log, as it is asked for: it is told by when it was made, since a stream of the same name may take its place. What
 * it answers comes on a thread of the client's, which must not be kept.
 *
 * <p>Offsets count from 0 and the sequences of a stream from 1.
 */
final class LogStream {

    private static final String API = "$JS.API.";

    private static final byte[] NOTHING = {};

    /** A consumer that nobody reads from goes by itself. */
    private static final Duration CONSUMER_LIFE = Duration.ofSeconds(30);

    private final Link link;
    private final JetStreamSettings settings;
    private final Problems problems;
    private final Answers answers;

    private Instant madeAt = Instant.EPOCH;

    private int replicas;

    private LogStream(Link link, JetStreamSettings settings, Problems problems) {
        this.link = link;
        this.settings = settings;
        this.problems = problems;
        // The client's own limit of time comes first.
        this.answers = new Answers(problems::of, 2 * settings.requestTimeout().toMillis());
    }

    /**
     * Makes the stream if it is missing.
     *
     * @throws SharedLogException if it cannot be used as it is
     */
    static LogStream open(Link link, JetStreamSettings settings, Problems problems) throws SharedLogException {
        var stream = new LogStream(link, settings, problems);
        StreamInfo found = stream.foundOrMade();
        var complaint = new StreamDemands(settings).complaint(found.getConfiguration());
        if (complaint.isPresent()) {
            throw problems.unusable(complaint.get());
        }
        stream.madeAt = madeAt(found);
        stream.replicas = found.getConfiguration().getReplicas();
        return stream;
    }

    private StreamInfo foundOrMade() throws SharedLogException {
        try {
            return answers.await(description());
        } catch (SharedLogException e) {
            if (isMissing(e)) {
                return made();
            }
            throw e;
        }
    }

    private static boolean isMissing(SharedLogException failure) {
        return isAnswer(failure, Problems.NO_STREAM);
    }

    private static boolean isAnswer(SharedLogException failure, int number) {
        return failure.getCause() instanceof JetStreamApiException answer && answer.getApiErrorCode() == number;
    }

    private StreamInfo made() throws SharedLogException {
        try {
            return answers.await(creation());
        } catch (SharedLogException e) {
            if (isAnswer(e, Problems.STREAM_EXISTS)) {
                return answers.await(description());
            }
            throw problems.making(e);
        }
    }

    private CompletionStage<StreamInfo> creation() {
        byte[] configuration = new StreamDemands(settings).configuration().serialize();
        return ask("STREAM.CREATE." + settings.stream(), configuration, StreamInfo::new);
    }

    private CompletionStage<StreamInfo> description() {
        return ask("STREAM.INFO." + settings.stream(), NOTHING, StreamInfo::new);
    }

    private static Instant madeAt(StreamInfo info) {
        return info.getCreateTime().toInstant();
    }

    String identity() {
        return settings.stream() + "@" + madeAt;
    }

    /** Whether servers of a cluster have the stream, of which one that has just begun to answer may know less for a moment. */
    boolean isReplicated() {
        return replicas > 1;
    }

    /** Offsets of what can be read: from start, and less than end. */
    record Range(long start, long end) {

        private static Range of(StreamState state) {
            return new Range(Math.max(0, state.getFirstSequence() - 1), state.getLastSequence());
        }
    }

    /** Fails if another stream has its place. */
    CompletionStage<Range> range() {
        return description().thenApply(info -> {
            if (!madeAt(info).equals(madeAt)) {
                throw new CompletionException(new SharedLogException(
                        Kind.DIVERGED,
                        "the stream " + settings.stream() + " is another one: it was made at " + madeAt(info)
                                + ", and the one that was read at " + madeAt));
            }
            return Range.of(info.getStreamState());
        });
    }

    CompletionStage<Void> trim(long before) {
        // Beyond the end a stream would leave out sequences, and other entries than those that were meant would go.
        return range().thenCompose(range -> before <= range.start()
                ? CompletableFuture.<Void>completedFuture(null)
                : purge(Math.min(before, range.end())));
    }

    private CompletionStage<Void> purge(long before) {
        var options = PurgeOptions.builder().sequence(before + 1).build();
        return ask(
                        "STREAM.PURGE." + settings.stream(),
                        options.toJson().getBytes(StandardCharsets.UTF_8),
                        PurgeResponse::new)
                .thenAccept(purged -> {});
    }

    /** Offset of the first entry that was taken at or after that time; the end if there is none. */
    CompletionStage<Long> offsetAt(long millis) {
        var from = ConsumerConfiguration.builder()
                .deliverPolicy(DeliverPolicy.ByStartTime)
                .startTime(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC))
                .headersOnly(true);
        // Nothing is read by it: where it would begin is told when it is made.
        return range().thenCompose(range -> consumer(from).thenApply(consumer -> {
            drop(consumer);
            return Math.max(consumer.getDelivered().getStreamSequence(), range.start());
        }));
    }

    private void drop(ConsumerInfo consumer) {
        // One that is not dropped goes by itself.
        link.connection().publish(API + "CONSUMER.DELETE." + settings.stream() + "." + consumer.getName(), NOTHING);
    }

    /** A consumer of what comes from an offset on. */
    CompletionStage<ConsumerInfo> consumer(long from) {
        return consumer(ConsumerConfiguration.builder()
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(from + 1));
    }

    private CompletionStage<ConsumerInfo> consumer(ConsumerConfiguration.Builder from) {
        ConsumerConfiguration configuration = from.ackPolicy(AckPolicy.None)
                .memStorage(true)
                .numReplicas(1)
                .inactiveThreshold(CONSUMER_LIFE)
                .build();
        return ask(
                "CONSUMER.CREATE." + settings.stream(),
                new ConsumerCreateRequest(settings.stream(), configuration).serialize(),
                ConsumerInfo::new);
    }

    private <A extends ApiResponse<A>> CompletionStage<A> ask(String what, byte[] how, Function<Message, A> read) {
        Connection connection = link.connection();
        var told = new CompletableFuture<A>();
        try {
            var unused = connection
                    .requestWithTimeout(API + what, how, settings.requestTimeout())
                    .thenApply(answer -> requireDone(read.apply(answer)))
                    .whenComplete((answer, failure) -> {
                        if (failure == null) {
                            told.complete(answer);
                        } else {
                            told.completeExceptionally(problems.of(connection, failure));
                        }
                    });
        } catch (IllegalStateException e) {
            told.completeExceptionally(link.isClosed() ? SharedLogException.closed() : problems.of(connection, e));
        }
        return told;
    }

    private static <A extends ApiResponse<A>> A requireDone(A answer) {
        try {
            return answer.throwOnHasError();
        } catch (JetStreamApiException e) {
            throw new CompletionException(e);
        }
    }

    Answers answers() {
        return answers;
    }
}
