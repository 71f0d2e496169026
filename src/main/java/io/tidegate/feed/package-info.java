/** Orders changes, commits them, and lets any number of cursors follow them. */
@NullMarked
package io.tidegate.feed;

import org.jspecify.annotations.NullMarked;
