/** Copies of a store as it was at one moment, taken while it is written to, and fetched by who needs them. */
@NullMarked
package io.tidegate.checkpoint;

import org.jspecify.annotations.NullMarked;
