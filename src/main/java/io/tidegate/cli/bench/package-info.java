/**
 * {@code tidegate bench}: load for a running server, and what it makes of it.
 *
 * <pre>
 *              ┌ publishers' thread ┐              ┌ followers' thread ┐
 *  workload ─► │ pace ─► puts ──────┼─► server ────┼─► order, marks ───┼─► report
 *              │ answers ◄──────────┼──            │ latencies         │
 *              └─────▲──────────────┘              └───┬───────────────┘
 *                    └────── how far the slowest is ◄──┘
 * </pre>
 */
@NullMarked
package io.tidegate.cli.bench;

import org.jspecify.annotations.NullMarked;
