package io.tidegate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Change;
import io.tidegate.document.Position;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests in lines of any bytes: one that is taken means what it says, and one that is not is told why. */
class RequestFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void aRequestIsTheSameWhenItIsPrintedAndReadAgain(byte[] bytes) throws RequestException {
        var line = new Line.Text(bytes, 0, bytes.length);
        boolean unused = line.isBlank();
        assertThat(line.addressee()).isNotNull();
        Request request = null;
        try {
            request = line.request(Integer.MAX_VALUE);
        } catch (RequestException e) {
            assertThat(Visible.of(e.message()))
                    .as("what cannot be seen is not repeated")
                    .isEqualTo(e.message());
        }
        if (request != null) {
            Request again = Lines.text(printed(request)).request(Integer.MAX_VALUE);
            assertThat(again).isEqualTo(request);
            assertThat(printed(again)).isEqualTo(printed(request));
            assertThat(Lines.text(printed(request)).addressee()).isEqualTo(Addressee.US);
        }
    }

    private static String printed(Request request) {
        if (request instanceof Request.Sync sync) {
            return "sync" + words(sync.selection());
        } else if (request instanceof Request.Updates updates) {
            return "updates" + start(updates.latest(), updates.after()) + words(updates.selection());
        } else if (request instanceof Request.Follow follow) {
            return "follow" + start(follow.latest(), follow.after()) + words(follow.selection());
        } else if (request instanceof Request.Watch watch) {
            return "watch " + words(watch.selectors());
        } else if (request instanceof Request.Unwatch unwatch) {
            return "unwatch " + words(unwatch.selectors());
        } else if (request instanceof Request.Publish publish) {
            return printed(publish.change());
        }
        if (request instanceof Request.Auth auth) {
            return "auth " + auth.token();
        }
        return request.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String start(boolean latest, @Nullable Position after) {
        return (latest ? " latest" : "") + (after == null ? "" : " after " + after);
    }

    private static String words(Selection selection) {
        return selection.isAll() ? "" : selection.isNone() ? " none" : " " + words(List.copyOf(selection.given()));
    }

    private static String words(List<Selector> selectors) {
        return selectors.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    private static String printed(Change change) {
        String name = change.collection() + " " + change.key().word();
        return change instanceof Change.Put put
                ? "put " + name + " " + new String(bytes(put), StandardCharsets.UTF_8)
                : "delete " + name;
    }

    private static byte[] bytes(Change.Put put) {
        byte[] value = new byte[put.value().length()];
        put.value().copyTo(value, 0);
        return value;
    }
}
