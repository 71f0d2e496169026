/** The vocabulary of the feed: documents, changes, updates and positions. Depends on no other package. */
@NullMarked
package io.tidegate.document;

import org.jspecify.annotations.NullMarked;
