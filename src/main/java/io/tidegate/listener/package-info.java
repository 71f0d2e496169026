/** Binds, accepts and unbinds. */
@NullMarked
package io.tidegate.listener;

import org.jspecify.annotations.NullMarked;
