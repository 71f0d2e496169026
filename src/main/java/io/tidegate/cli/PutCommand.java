package io.tidegate.cli;

import io.tidegate.document.Json;
import io.tidegate.document.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidegate put}. */
@Command(name = "put", description = "Put one document and wait until it is durable.")
final class PutCommand implements Callable<Integer> {

    /** More than any server takes; without it a wrong file would fill the memory first. */
    private static final int MAX_DOCUMENT_BYTES = 64 << 20;

    @ParentCommand
    private TidegateCommand tidegate;

    @Mixin
    private ServerAddress server;

    @Mixin
    private DocumentChoice document;

    @Parameters(
            index = "2",
            paramLabel = "JSON",
            arity = "0..1",
            defaultValue = "-",
            description = "The document; without it, or with -, standard input is read.")
    private String json = "-";

    @Override
    public Integer call() throws CommandEnd {
        var request = new ByteArrayOutputStream();
        request.writeBytes(("put " + document.words() + " ").getBytes(StandardCharsets.UTF_8));
        request.writeBytes(checked(value()));
        request.write('\n');
        new Publisher(server, tidegate.streams().output()).publish(request.toByteArray());
        return ExitCode.OK;
    }

    /** As HTTP takes it: line breaks between tokens become spaces, within a string they are refused. */
    private static byte[] checked(byte[] value) throws CommandEnd {
        try {
            var unused = Json.ofLines(value);
            return onOneLine(value);
        } catch (IllegalArgumentException e) {
            throw CommandEnd.failed("cannot put that: " + e.getMessage());
        }
    }

    private byte[] value() throws CommandEnd {
        if (!json.equals("-")) {
            return json.getBytes(StandardCharsets.UTF_8);
        }
        try {
            byte[] value = tidegate.streams().in().readNBytes(MAX_DOCUMENT_BYTES + 1);
            if (value.length > MAX_DOCUMENT_BYTES) {
                throw CommandEnd.failed("the document is longer than " + MAX_DOCUMENT_BYTES + " bytes");
            }
            return value;
        } catch (IOException e) {
            throw CommandEnd.failed("cannot read standard input: " + Reason.of(e));
        }
    }

    /** What was checked has line breaks between tokens only, where a space says the same. */
    private static byte[] onOneLine(byte[] json) {
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
        return json;
    }
}
