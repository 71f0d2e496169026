package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines in any bytes, however these are cut. */
class LineFuzz {

    private static final int MAX_LINE_BYTES = 64;

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void linesAreTheSameHoweverTheBytesAreCut(byte[] bytes) {
        List<String> expected = expected(bytes);

        for (List<ByteString> chunks : Fuzzing.cuts(bytes)) {
            List<String> found = new ArrayList<>();
            for (Line line : lines(chunks)) {
                found.add(line.toString());
            }
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++) {
                // Of a line that is no text it is told that it came, as soon as that is seen.
                assertThat(expected.get(i)).isIn(found.get(i), "binary");
            }
        }
    }

    private static List<Line> lines(List<ByteString> chunks) {
        var decoder = LineDecoder.create(MAX_LINE_BYTES);
        List<Line> lines = new ArrayList<>();
        for (ByteString chunk : chunks) {
            decoder.take(chunk);
            for (Line line = decoder.next(); line != null; line = decoder.next()) {
                lines.add(kept(line));
            }
            Decoder.Begun begun = decoder.begun();
            assertThat(begun == null ? 0 : begun.bytes()).isLessThanOrEqualTo(MAX_LINE_BYTES + 1);
        }
        Line last = decoder.last();
        if (last != null) {
            lines.add(last);
        }
        return lines;
    }

    /** Those of the decoder are to be read at once. */
    private static Line kept(Line line) {
        return line instanceof Line.Text ? Lines.text(line.toString()) : new Line.TooLong(MAX_LINE_BYTES);
    }

    private static List<String> expected(byte[] bytes) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                int to = i > from && bytes[i - 1] == '\r' ? i - 1 : i;
                lines.add(isBinary(bytes, from, i) ? "binary" : whole(bytes, from, to));
                from = i + 1;
            }
        }
        if (isBinary(bytes, from, bytes.length)) {
            lines.add("binary");
        } else if (from < bytes.length) {
            boolean isTooLong = bytes.length - from > MAX_LINE_BYTES + 1;
            lines.add((isTooLong ? new Line.TooLong(MAX_LINE_BYTES) : new Line.Incomplete()).toString());
        }
        return lines;
    }

    private static boolean isBinary(byte[] bytes, int from, int end) {
        return from < end && bytes[from] != '\r' && Addressee.isNoText(bytes[from]);
    }

    private static String whole(byte[] bytes, int from, int to) {
        return to - from > MAX_LINE_BYTES
                ? new Line.TooLong(MAX_LINE_BYTES).toString()
                : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
