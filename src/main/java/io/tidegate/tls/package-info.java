/** Certificates and keys of the listeners: read, checked, read anew; the engines that encrypt with them. */
@NullMarked
package io.tidegate.tls;

import org.jspecify.annotations.NullMarked;
