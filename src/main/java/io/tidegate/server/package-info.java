/** The server as a whole: embed it, start it, drain it. */
@NullMarked
package io.tidegate.server;

import org.jspecify.annotations.NullMarked;
