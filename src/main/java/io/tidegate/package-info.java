/** Tidegate, a live-state connection server. */
@NullMarked
package io.tidegate;

import org.jspecify.annotations.NullMarked;
