/** The end of a server: its settings, how far it is, what is done in which order, and what came of it. */
@NullMarked
package io.tidegate.drain;

import org.jspecify.annotations.NullMarked;
