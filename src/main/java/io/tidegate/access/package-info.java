/** Who a client is, and what it may do. */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
