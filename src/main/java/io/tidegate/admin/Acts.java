package io.tidegate.admin;

import io.tidegate.audit.Audit;
import io.tidegate.audit.Operator;
import io.tidegate.http.Call;
import io.tidegate.http.HttpRequest;
import io.tidegate.http.Method;
import io.tidegate.http.Target;
import io.tidegate.ledger.Transport;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What operators do over HTTP, as the audit tells it. */
final class Acts {

    private static final String LISTENER = "admin";

    /** By method and the second segment of the path. */
    private static final Map<String, String> NAMES = Map.of(
            Method.DELETE + " connections", "end-connections",
            Method.POST + " drain", "drain",
            Method.DELETE + " drain", "cancel-drain",
            Method.POST + " checkpoints", "copy-store",
            Method.POST + " compaction", "compact",
            Method.POST + " reload", "reload");

    /** What says on which connections it was done, and how. */
    private static final String[] SAYS_WHICH = {"id", "listener", "remote", "identity"};

    /** What is told as it was asked for. */
    private static final Set<String> SAYS_HOW = Set.of("how", "announceMillis");

    private Acts() {}

    /** Tells of a request that was answered; of those that only look nothing is told. */
    static void tellDone(Audit audit, Call call) {
        String act = name(call);
        if (act != null) {
            audit.operated(
                    Operator.http(
                            call.caller().pass().identity().name(),
                            call.caller().pass().address().getHostAddress()),
                    act,
                    details(call.target()));
        }
    }

    /** Tells of somebody who may not do that. */
    static void tellForbidden(Audit audit, Call call) {
        if (call.caller().pass().isProven()) {
            audit.refused(
                    "forbidden",
                    call.caller().pass().identity().name(),
                    call.caller().pass().address(),
                    LISTENER,
                    Transport.HTTP.code());
        }
    }

    private static @Nullable String name(Call call) {
        HttpRequest request = call.request();
        return call.target().segments().size() < 2
                ? null
                : NAMES.get(request.method() + " " + call.target().segments().get(1));
    }

    private static Map<String, String> details(Target target) {
        Map<String, String> details = new TreeMap<>();
        if (target.segments().size() > 2) {
            details.put("which", target.segments().get(2));
        }
        for (Target.Parameter parameter : target.parameters()) {
            for (String each : SAYS_WHICH) {
                if (parameter.name().equals(each)) {
                    details.put("which", each + "=" + parameter.value());
                }
            }
            if (SAYS_HOW.contains(parameter.name())) {
                details.put(parameter.name(), parameter.value());
            }
        }
        return details;
    }
}
