package io.tidegate.cli.conformance;

import io.tidegate.client.LiveMap;
import io.tidegate.client.TidegateClient;
import io.tidegate.document.DocumentName;
import io.tidegate.document.Json;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A program that follows by the Java client, and says what it has. */
public final class Follows {

    private Follows() {}

    /**
     * Until its standard input ends.
     *
     * @param args what it does wrong: {@code invents}, {@code silent}, {@code chats}
     */
    public static void main(String[] args) throws IOException {
        String flaw = args.length == 0 ? "" : args[0];
        var selection = Selection.of(List.of(Selector.parse(System.getenv("TIDEGATE_SELECTION"))));
        try (TidegateClient client = TidegateClient.connect(URI.create(System.getenv("TIDEGATE_TCP_URL")));
                LiveMap map = client.live(selection)) {
            map.onChange(new LiveMap.Listener() {
                @Override
                public void changed(DocumentName name, @Nullable Json value) {
                    // What there is then is told below.
                }

                @Override
                public void current(Position position) {
                    report(map, flaw);
                }
            });
            boolean unused = System.in.read() < 0;
        }
    }

    private static void report(LiveMap map, String flaw) {
        if (flaw.equals("silent")) {
            return;
        }
        String more = flaw.equals("invents") ? ",\"more\":1" : "";
        System.out.println(flaw.equals("chats") ? "hello" : told(map).replace("}}", "}" + more + "}}"));
    }

    private static String told(LiveMap map) {
        return map.documents().entrySet().stream()
                .map(each -> "\"" + each.getKey().key() + "\":" + each.getValue())
                .collect(Collectors.joining(",", "{\"position\":\"" + map.position() + "\",\"documents\":{", "}}"));
    }
}
