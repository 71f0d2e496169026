package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests in any bytes: they are the same however these are cut, and where each ends, a reader that takes all kinds of line ends
 * and white space sees as well. Of a proxy and a server that do not, one takes a body for the next request.
 */
class RequestDecoderFuzz {

    private static final int MAX_HEAD_BYTES = 400;

    /** In a line that ends in any way. */
    private static final Pattern FRAMING =
            Pattern.compile("(?i)(?:^|[\r\n])\\s*(content-length|transfer-encoding)\\s*:\\s*([^\r\n]*)");

    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]+)[^\r\n]*\r\n");

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void requestsAreTheSameHoweverTheBytesAreCutAndWhoeverReadsThem(byte[] bytes) {
        List<List<ByteString>> cuts = Fuzzing.cuts(bytes);
        List<String> found = found(cuts.get(0));

        for (List<ByteString> chunks : cuts) {
            assertThat(found(chunks)).isEqualTo(found);
        }
        new Reader(new String(bytes, StandardCharsets.ISO_8859_1)).compare(found);
    }

    /** A body is one piece, however many it came in. */
    private static List<String> found(List<ByteString> chunks) {
        var decoder = new RequestDecoder(MAX_HEAD_BYTES);
        List<String> found = new ArrayList<>();
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (HttpRequest.Part input = decoder.next(); input != null; input = decoder.next()) {
                add(found, input);
            }
        }
        return found;
    }

    private static void add(List<String> found, HttpRequest.Part input) {
        assertThat(found).as("nothing comes behind what is no request").doesNotContain("malformed");
        if (input instanceof HttpRequest.Part.Head head) {
            found.add("head " + head.length());
            found.add("body ");
        } else if (input instanceof HttpRequest.Part.Piece piece) {
            int last = found.size() - 1;
            found.set(last, found.get(last) + piece.bytes().decodeString(StandardCharsets.ISO_8859_1));
        } else if (input instanceof HttpRequest.Part.End) {
            found.add("end");
        } else {
            found.add("malformed");
        }
    }

    /** Follows what was found through the bytes, with less care. */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void compare(List<String> found) {
            for (int i = 0; i + 1 < found.size() && found.get(i).startsWith("head "); i += 3) {
                String expected = found.get(i).substring("head ".length());
                String body = found.get(i + 1).substring("body ".length());
                boolean isWhole = i + 2 < found.size() && found.get(i + 2).equals("end");
                String read = expected.equals("-1") ? chunks(head("chunked")) : plain(head(expected), expected);
                if (isWhole) {
                    assertThat(read).isEqualTo(body);
                } else {
                    assertThat(read).startsWith(body);
                    return;
                }
            }
        }

        /** Where the body begins. */
        private int head(String framing) {
            while (text.startsWith("\r\n", at)) {
                at += 2;
            }
            int end = text.indexOf("\r\n\r\n", at);
            Matcher framings = FRAMING.matcher(text.substring(at, end + 2));
            if (framings.find()) {
                boolean isChunked = framing.equals("chunked");
                assertThat(framings.group(1).toLowerCase(Locale.ROOT))
                        .isEqualTo(isChunked ? "transfer-encoding" : "content-length");
                String value = framings.group(2).strip().toLowerCase(Locale.ROOT);
                assertThat(isChunked ? value : Long.toString(Long.parseLong(value)))
                        .isEqualTo(framing);
                assertThat(framings.find()).as("another length").isFalse();
            } else {
                assertThat(framing).isEqualTo("0");
            }
            return end + 4;
        }

        private String plain(int from, String length) {
            at = (int) Math.min(text.length(), from + Long.parseLong(length));
            return text.substring(from, at);
        }

        private String chunks(int from) {
            var body = new StringBuilder();
            at = from;
            Matcher chunk = CHUNK.matcher(text);
            while (chunk.region(at, text.length()).lookingAt()) {
                long length = Long.parseLong(chunk.group(1).length() > 15 ? "7fffffff" : chunk.group(1), 16);
                if (length == 0) {
                    skipTrailers(chunk.end());
                    return body.toString();
                }
                int end = (int) Math.min(text.length(), chunk.end() + length);
                body.append(text, chunk.end(), end);
                at = end + 2;
                if (at > text.length()) {
                    break;
                }
                assertThat(text.substring(end, at)).as("behind a chunk").matches("(?s)..");
            }
            return body.toString();
        }

        private void skipTrailers(int from) {
            int end = text.startsWith("\r\n", from) ? from : text.indexOf("\r\n\r\n", from) + 2;
            at = end + 2;
        }
    }
}
