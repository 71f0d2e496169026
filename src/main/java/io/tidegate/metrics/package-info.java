/** What the server tells about itself in numbers, in the text format of Prometheus. */
@NullMarked
package io.tidegate.metrics;

import org.jspecify.annotations.NullMarked;
