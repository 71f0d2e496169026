package io.tidegate.feed;

import io.tidegate.document.Collection;
import io.tidegate.document.Key;
import io.tidegate.document.Selection;
import io.tidegate.document.Selector;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What a follower of the model may ask for. */
final class AnyChoice {

    private static final List<Steps> STEPS = List.of(Steps.EVERY, Steps.RETAINED, Steps.NEWEST);

    private final Random random;

    AnyChoice(Random random) {
        this.random = random;
    }

    Steps steps() {
        return STEPS.get(random.nextInt(STEPS.size()));
    }

    Selection selection() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> Selection.ALL;
            case 2 ->
                Selection.ofCollections(FeedModel.COLLECTIONS.subList(0, random.nextInt(3)).stream()
                        .map(Collection::new)
                        .toList());
            default ->
                Selection.of(IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> selector())
                        .toList());
        };
    }

    private Selector selector() {
        var collection = new Collection(FeedModel.COLLECTIONS.get(random.nextInt(3)));
        return switch (random.nextInt(8)) {
            case 0 -> new Selector.Whole(collection);
            case 1 -> new Selector.Prefix(collection, "k");
            case 2 -> new Selector.Prefix(collection, "k" + random.nextInt(5));
            default -> new Selector.One(collection, new Key("k" + random.nextInt(5)));
        };
    }
}
