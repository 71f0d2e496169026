package io.tidegate.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tidegate.wire.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resources by their paths; what has no resource is answered by 404. */
public final class Resources implements Routes {

    /** Stands for any one segment of a path. */
    private static final String ANY = "*";

    private final Map<List<String>, Resource> byPath;
    private final String whatThereIs;

    private Resources(Map<List<String>, Resource> byPath, String whatThereIs) {
        this.byPath = byPath;
        this.whatThereIs = whatThereIs;
    }

    /**
     * Such a table.
     *
     * @param byPath by paths such as {@code /v1/documents/*}, where {@code *} is any one segment; an exact path goes before it
     * @param whatThereIs what who asks for anything else is told
     */
    public static Resources of(Map<String, Resource> byPath, String whatThereIs) {
        Map<List<String>, Resource> bySegments = new LinkedHashMap<>();
        byPath.forEach((path, resource) -> bySegments.put(segments(path), resource));
        return new Resources(bySegments, whatThereIs);
    }

    private static List<String> segments(String path) {
        return path.equals("/") ? List.of() : Arrays.asList(path.substring(1).split("/", -1));
    }

    @Override
    public CompletionStage<Reply> answer(Call call) throws Problem.Refusal {
        Target target = call.target();
        if (target.isServer()) {
            return CompletableFuture.completedStage(Reply.of(HttpResponse.of(HttpResponseStatus.NO_CONTENT)));
        }
        Resource resource = find(target.segments());
        if (resource == null) {
            throw Problem.of(HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_FOUND, "nothing is here: " + whatThereIs)
                    .refusal();
        }
        return resource.answer(call);
    }

    private @Nullable Resource find(List<String> path) {
        Resource exact = byPath.get(path);
        if (exact != null) {
            return exact;
        }
        return byPath.entrySet().stream()
                .filter(each -> matches(each.getKey(), path))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(null);
    }

    private static boolean matches(List<String> pattern, List<String> path) {
        if (pattern.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!pattern.get(i).equals(ANY) && !pattern.get(i).equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The paths, as they were given. */
    Set<String> paths() {
        return byPath.keySet().stream()
                .map(path -> "/" + String.join("/", path))
                .collect(Collectors.toSet());
    }
}
