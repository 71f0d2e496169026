package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Bytes of a client, and what is found in them: in one piece, cut anywhere, and byte by byte. */
final class RequestCases {

    static final int MAX_HEAD = 400;

    static final String HOST = "Host: a\r\n";
    static final String GET = "GET / HTTP/1.1\r\n" + HOST;
    static final String PUT = "PUT / HTTP/1.1\r\n" + HOST;
    static final String CHUNKS = PUT + "Transfer-Encoding: chunked\r\n\r\n";
    static final String NEXT = "GET /next HTTP/1.1\r\n" + HOST + "\r\n";
    private static final List<String> NEXT_FOUND = List.of("GET /next 0", "end");

    private RequestCases() {}

    /** Bytes, and what is found in them: a body as one piece. */
    record Case(String bytes, List<String> found) {

        static Case of(String bytes, String... found) {
            return new Case(bytes, List.of(found));
        }

        /** The same, and behind it the next request, which is found too. */
        static Case goesOn(String bytes, String... found) {
            return new Case(
                    bytes + NEXT,
                    Stream.concat(Stream.of(found), NEXT_FOUND.stream()).toList());
        }

        /** A head that is none, and nothing that stands behind it. */
        static Case refused(String bytes) {
            return of(bytes + NEXT, "400");
        }

        /** A body in chunks that is none, and nothing that stands behind it. */
        static Case broken(String body, String... found) {
            return new Case(
                    CHUNKS + body + NEXT,
                    Stream.concat(Stream.of("PUT / -1"), Stream.concat(Stream.of(found), Stream.of("400")))
                            .toList());
        }
    }

    static ByteString bytes(String text) {
        return ByteString.fromArray(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> decode(List<String> chunks) {
        var decoder = new RequestDecoder(MAX_HEAD);
        List<String> found = new ArrayList<>();
        for (String chunk : chunks) {
            decoder.take(bytes(chunk));
            for (HttpRequest.Part input = decoder.next(); input != null; input = decoder.next()) {
                add(found, input);
            }
        }
        return found;
    }

    private static void add(List<String> found, HttpRequest.Part input) {
        if (input instanceof HttpRequest.Part.Head head) {
            found.add(head.request().method() + " " + head.request().target() + " " + head.length());
        } else if (input instanceof HttpRequest.Part.Piece piece) {
            String text = piece.bytes().decodeString(StandardCharsets.ISO_8859_1);
            int last = found.size() - 1;
            if (found.get(last).startsWith("body ")) {
                found.set(last, found.get(last) + text);
            } else {
                found.add("body " + text);
            }
        } else if (input instanceof HttpRequest.Part.Malformed malformed) {
            found.add(String.valueOf(malformed.problem().status().code()));
        } else {
            found.add("end");
        }
    }

    static Stream<DynamicTest> tests(Case... cases) {
        return Stream.of(cases)
                .map(each -> DynamicTest.dynamicTest(name(each.bytes()), () -> {
                    String bytes = each.bytes();
                    assertThat(decode(List.of(bytes))).as("in one piece").isEqualTo(each.found());
                    for (int cut = 1; cut < bytes.length(); cut++) {
                        assertThat(decode(List.of(bytes.substring(0, cut), bytes.substring(cut))))
                                .as("cut at %s", cut)
                                .isEqualTo(each.found());
                    }
                    assertThat(decode(
                                    bytes.chars().mapToObj(Character::toString).toList()))
                            .as("byte by byte")
                            .isEqualTo(each.found());
                }));
    }

    private static String name(String bytes) {
        String shown = bytes.replace("\r", "\\r").replace("\n", "\\n");
        return shown.substring(0, Math.min(shown.length(), 120));
    }
}
