/** A client of the line protocol: a connection, the events that come on it, and how it is come back to. */
@NullMarked
package io.tidegate.client;

import org.jspecify.annotations.NullMarked;
