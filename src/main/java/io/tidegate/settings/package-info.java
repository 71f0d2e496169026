/** Reads settings: what each may be is said where it is read. */
@NullMarked
package io.tidegate.settings;

import org.jspecify.annotations.NullMarked;
