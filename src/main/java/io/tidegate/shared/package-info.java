/** One feed on many nodes: an order of changes that is decided by a log which they share. */
@NullMarked
package io.tidegate.shared;

import org.jspecify.annotations.NullMarked;
