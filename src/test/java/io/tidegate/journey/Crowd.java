package io.tidegate.journey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many clients who follow a collection in which little happens: what they are sent waits in their kernel. */
final class Crowd implements AutoCloseable {

    private final List<SocketChannel> clients = new ArrayList<>();

    /** @param request of each, such as {@code updates crowd} */
    Crowd(InetSocketAddress server, int size, String request) throws IOException {
        byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < size; i++) {
            SocketChannel client = SocketChannel.open(server);
            clients.add(client);
            client.write(ByteBuffer.wrap(line));
        }
    }

    /** How many they are. */
    int size() {
        return clients.size();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
