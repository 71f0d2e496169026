/** What a running server reads anew without being started again: the files that it was told of. */
@NullMarked
package io.tidegate.reload;

import org.jspecify.annotations.NullMarked;
