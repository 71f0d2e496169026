/** The line protocol: requests and events as bytes. */
@NullMarked
package io.tidegate.wire;

import org.jspecify.annotations.NullMarked;
