/** The life of one client connection, and the manager that knows them all. */
@NullMarked
package io.tidegate.connection;

import org.jspecify.annotations.NullMarked;
