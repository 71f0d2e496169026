package io.tidegate.connection;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Network;
import io.tidegate.feed.EventLines;
import io.tidegate.feed.Wakeup;
import io.tidegate.fuzz.Fuzzing;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Headers of proxies in any bytes, however these are cut. */
class ProxyHeaderFuzz {

    private static final Peer PROXY = Peer.at(new InetSocketAddress(Network.address("10.0.0.5"), 4711));

    /** What comes of it; without a client it was refused, or is not whole. */
    private record Outcome(boolean isOver, @Nullable InetSocketAddress client, ByteString rest) {}

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void forWhomAProxyConnectsIsTheSameHoweverTheBytesAreCut(byte[] bytes) {
        Outcome whole = outcome(List.of(ByteString.fromArray(bytes)));

        for (List<ByteString> chunks : Fuzzing.cuts(bytes)) {
            assertThat(outcome(chunks)).isEqualTo(whole);
        }
    }

    private static Outcome outcome(List<ByteString> chunks) {
        var spoken = new ScriptedDialogue();
        var header = new ProxyHeader(
                spoken, spoken, Duration.ofSeconds(10), new Wakeup(Runnable::run, () -> {}), () -> false, () -> 1);
        ByteString behind = ByteString.emptyByteString();
        for (ByteString chunk : chunks) {
            if (header.isFinished()) {
                behind = behind.concat(chunk);
            } else {
                header.take(chunk);
                EventLines said;
                do {
                    said = header.poll();
                } while (said != null);
            }
        }
        boolean isTaken = header.next() != null;
        return new Outcome(
                header.isFinished(),
                isTaken ? header.peer(PROXY).address() : null,
                isTaken ? header.rest().concat(behind).compact() : ByteString.emptyByteString());
    }
}
