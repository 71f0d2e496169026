package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.document.Visible;
import io.tidegate.fuzz.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Targets of request lines: one that is taken means what it says, and one that is not is told why. */
class TargetFuzz {

    @FuzzTest(maxDuration = Fuzzing.DURATION)
    void aTargetIsTheSameWhenItIsPrintedAndReadAgain(byte[] bytes) throws Problem.Refusal {
        String raw = new String(bytes, StandardCharsets.ISO_8859_1);
        Authority authority = Authority.parse(raw);
        if (authority != null) {
            assertThat(Authority.parse(authority.host() + (authority.port() < 0 ? "" : ":" + authority.port())))
                    .isEqualTo(authority);
        }
        Target target = null;
        try {
            target = Target.parse("GET", raw);
        } catch (Problem.Refusal e) {
            String detail = e.problem().detail();
            assertThat(Visible.of(detail))
                    .as("what cannot be seen is not repeated")
                    .isEqualTo(detail);
        }
        if (target != null) {
            Target again = Target.parse("GET", printed(target));
            assertThat(again.segments()).isEqualTo(target.segments());
            assertThat(again.parameters()).isEqualTo(target.parameters());
        }
    }

    private static String printed(Target target) {
        String path = target.segments().stream().map(TargetFuzz::octets).collect(Collectors.joining("/"));
        String query = target.parameters().stream()
                .map(each -> octets(each.name()) + "=" + octets(each.value()))
                .collect(Collectors.joining("&"));
        return "/" + path + (query.isEmpty() ? "" : "?" + query);
    }

    private static String octets(String text) {
        var octets = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            octets.append(String.format("%%%02X", octet));
        }
        return octets.toString();
    }
}
