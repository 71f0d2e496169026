/**
 * The WebSocket protocol (RFC 6455) of a server: handshake, frames in, frames out. It knows lines, but neither feed nor
 * connection nor HTTP.
 *
 * <pre>
 *  bytes ─► MessageDecoder ─► MessageLines ─► session stage
 *  bytes ◄────────────── Frames ◄──────────── session stage
 * </pre>
 *
 * <p>{@link io.tidegate.websocket.Handshake} decides on the request; the bytes behind its head go to
 * {@link io.tidegate.websocket.MessageDecoder}. No stage fails, so whatever a client sends, the connection ends by FIN. What
 * the session stage does with each {@link io.tidegate.websocket.Input}:
 *
 * <dl>
 *   <dt>{@code RequestLine}
 *   <dd>gives the line to the session, which reads it at once, as on TCP. Answers and updates go out by
 *       {@code Frames.text}: one message for the event lines of one poll, each with its newline.
 *   <dt>{@code Ping}
 *   <dd>sends {@code Frames.pong}, between two messages but ahead of all else that is owed. While a pong could not be sent
 *       yet, a newer ping replaces it (section 5.5.3), so pings need no queue.
 *   <dt>{@code Pong}
 *   <dd>is a sign of life, whatever it carries, and so is any other input. A deadline for pongs runs only while input is
 *       asked for: a session that wants no line sees no pong either.
 *   <dt>{@code Close}
 *   <dd>ends the input: the session drops its subscription, sends the answers that it owes for requests it has taken, then
 *       {@code Frames.close} of this message, then completes: FIN. If the server's close frame was sent before, this is the
 *       answer to it: complete at once.
 *   <dt>{@code Violation}
 *   <dd>ends the input in the same way; the last frame is {@code Frames.close} with its code and reason, and it is not
 *       waited for an answer.
 *   <dt>the end of the input without a {@code Close}
 *   <dd>completes without a close frame: nobody waits for one. A browser calls it 1006.
 * </dl>
 *
 * <p>When the server ends the connection, with 1000 after {@code quit} or 1001 after the goodbye, its close frame is the last
 * that it sends; it completes when the client's {@code Close}, or the end of the input, has come, or when the client has
 * lingered for too long. After {@code Close} and {@code Violation} the decoder goes on asking for input and discards it,
 * so that unread bytes cannot turn the FIN into a RST. Nothing is ever written within a frame: who had to leave a rest of
 * it to somebody else writes nothing until that was sent.
 */
@NullMarked
package io.tidegate.websocket;

import org.jspecify.annotations.NullMarked;
