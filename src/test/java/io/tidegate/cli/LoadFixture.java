package io.tidegate.cli;

import io.tidegate.client.FakeServer;
import io.tidegate.client.FakeServer.Dialogue;
import io.tidegate.client.FakeServer.Peer;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Loads of documents, and servers that take them. */
abstract class LoadFixture {

    /** Takes puts and accepts them until the client has gone. */
    static final Dialogue ACCEPT_ALL = peer -> {
        int seq = 0;
        while (peer.hear().startsWith("put ")) {
            seq++;
            peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
        }
    };

    static CommandRun load(FakeServer server, String input, String... more) {
        String[] fixed = {"load", "-", "--collection", "orders", "--key", "id", "--port", "" + server.port()};
        String[] args = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, args, 0, fixed.length);
        System.arraycopy(more, 0, args, fixed.length, more.length);
        return CommandRun.withInput(input, args);
    }

    static String documents(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{\"id\":\"o-" + i + "\"}\n")
                .collect(Collectors.joining());
    }

    /** Whatever its id is, it has one. */
    static void expectPut(Peer peer, String put) throws IOException {
        String heard = peer.hear();
        String without = heard.replaceFirst(" @id=[0-9a-f-]{36}-\\d+ ", " ");
        if (!without.equals(put) || without.equals(heard)) {
            throw new IOException("expected <" + put + "> with an id but heard <" + heard + ">");
        }
    }

    /** Accepts so many puts, which have to be these. */
    static Dialogue expecting(String... requests) {
        return peer -> {
            int seq = 0;
            for (String request : requests) {
                expectPut(peer, request);
                seq++;
                peer.say("{\"event\":\"accepted\",\"seq\":" + seq + "}");
            }
            peer.expectEnd();
        };
    }
}
