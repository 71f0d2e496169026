package io.tidegate.cli;

import io.tidegate.client.EventLine;
import io.tidegate.client.LineClient;
import io.tidegate.client.LineReader;
import io.tidegate.document.Reason;
import java.io.IOException;
import java.net.ProtocolException;

/**
 * Sends one put or delete and waits for its answer.
 *
 * @param output where the acceptance is printed
 */
record Publisher(ServerAddress server, Output output) {

    void publish(byte[] request) throws CommandEnd {
        try (LineClient client = server.connect()) {
            client.requests().write(request);
            client.requests().flush();
            print(client.lines());
        } catch (ProtocolException e) {
            throw CommandEnd.failed(Reason.of(e));
        } catch (IOException e) {
            throw unanswered(Reason.of(e));
        }
    }

    private void print(LineReader lines) throws IOException, CommandEnd {
        if (!lines.next()) {
            throw unanswered("the server closed it");
        }
        EventLine answer = EventLine.of(lines);
        if (answer.is("goodbye")) {
            throw CommandEnd.failed("the server is stopping and did not take the change");
        }
        if (!answer.is("accepted")) {
            throw CommandEnd.failed("refused: " + answer.text("message"));
        }
        output.write(lines.bytes(), lines.from(), lines.end());
    }

    private static CommandEnd unanswered(String reason) {
        return CommandEnd.failed("connection lost before the answer (" + reason
                + "): the change may be stored or not; sent again with the same --id it takes effect once");
    }
}
