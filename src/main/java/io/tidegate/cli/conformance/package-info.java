/** Tries clients of others: a server behind faults, a program that follows it, and a verdict. */
@NullMarked
package io.tidegate.cli.conformance;

import org.jspecify.annotations.NullMarked;
