/** What the kernel knows of a socket, or does with one, and Java does not. */
@NullMarked
package io.tidegate.kernel;

import org.jspecify.annotations.NullMarked;
