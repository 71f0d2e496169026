package io.tidegate.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of another one, or of itself.
 *
 * @param isThis whether it is the one that knows it
 * @param lag updates by which it was behind the most advanced of those that were known when it told of itself; of this one, by which it
 *     is now
 * @param age how long ago it told of itself; null if that was not heard yet
 */
public record NodeStatus(Node node, boolean isThis, long lag, @Nullable Duration age) {}
