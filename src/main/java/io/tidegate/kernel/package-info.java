/** What the kernel knows of a socket and Java does not tell. */
@NullMarked
package io.tidegate.kernel;

import org.jspecify.annotations.NullMarked;
