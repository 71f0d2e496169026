import { TidegateError, refusal } from "./access.js";

/** A change whose outcome nobody knows is sent again for so long, in milliseconds. */
const PATIENCE = 60_000;

const tag = (position) => (position === "*" ? position : `"${position}"`);

/** The position of the document that a response is about. */
const untagged = (response) => response.headers.get("ETag")?.slice(1, -1);

/** A name of a collection has neither white space nor control characters, which would be other words of a request. */
const NAME = /^([^\s\p{Cc}/]+)\/([^\p{Cc}]+)$/u;

/** Visible ASCII without quotes and backslashes. */
const ID = /^[!#-[\]-~]{1,128}$/;

/** Collection and key of a document. */
function partsOf(name) {
  const parts = NAME.exec(name);
  if (parts === null) {
    throw new TidegateError("bad-request", `${name} names no document: write collection/key`);
  }
  return parts.slice(1);
}

/**
 * Given to no other change of the document, so that it takes effect once, however often it is sent. Nobody has to be unable to guess it;
 * and `crypto` is no global of Node 18.
 */
const newId = () => Array.from({ length: 4 }, () => Math.floor(Math.random() * 2 ** 32).toString(36)).join("-");

/** Ends with the signal, too. */
const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });

/** Reads and changes single documents: by HTTP, and what has no condition by a WebSocket if the client is a writer. */
export class Writes {
  #connection;
  #socket = null;

  constructor(connection) {
    this.#connection = connection;
  }

  async get(name, { signal } = {}) {
    const parts = partsOf(name);
    let document;
    try {
      document = await this.#ask(parts, { signal }, async (response) => {
        if (response.status !== 404 && !response.ok) {
          throw await refusal(response);
        }
        return response.ok && { text: (await response.text()).trimEnd(), position: untagged(response) };
      });
    } catch (failure) {
      throw failure instanceof TidegateError || signal?.aborted ? failure : new TidegateError("offline", failure.message);
    }
    const { parse = JSON.parse } = this.#connection.options;
    return document ? { value: parse(document.text), ...document } : undefined;
  }

  put(name, value, options) {
    const text = JSON.stringify(value);
    if (text === undefined) {
      throw new TidegateError("invalid-json", "that is no JSON value: to delete a document say delete");
    }
    return this.#change("put", name, text, options);
  }

  delete(name, options) {
    return this.#change("delete", name, undefined, options);
  }

  async #change(verb, name, text, { ifMatch, ifNoneMatch, id = newId(), signal = AbortSignal.timeout(PATIENCE) } = {}) {
    const parts = partsOf(name);
    if (!ID.test(id)) {
      throw new TidegateError("bad-request", `${id} is no id: take 1 to 128 visible characters of ASCII without " and \\`);
    }
    if (this.#connection.options.writer && !ifMatch && !ifNoneMatch) {
      return (await this.#opened()).change(verb, parts, text, id, signal);
    }
    const headers = { "Content-Type": "application/json", "Idempotency-Key": `"${id}"` };
    if (ifMatch) {
      headers["If-Match"] = tag(ifMatch);
    }
    if (ifNoneMatch) {
      headers["If-None-Match"] = tag(ifNoneMatch);
    }
    const request = { method: verb.toUpperCase(), headers, body: text, signal };
    for (let tries = 0; ; tries++) {
      const outcome = await this.#try(parts, request);
      if (!(outcome instanceof TidegateError)) {
        return outcome;
      }
      if (outcome.isFinal || signal.aborted) {
        throw outcome;
      }
      await pause(Math.max(outcome.retryAfter ?? 0, this.#connection.options.backoff(tries)), signal);
      if (signal.aborted) {
        throw new TidegateError("outcome-unknown", signal.reason.message);
      }
    }
  }

  /** What became of a change, or why that is not known, or nothing. */
  async #try(parts, request) {
    try {
      return await this.#ask(parts, request, async (response) => {
        if (!response.ok) {
          const failure = await refusal(response);
          failure.position = untagged(response);
          return failure;
        }
        const position = response.headers.get("Tidegate-Position");
        // Without one the head of the answer was cut.
        return position
          ? { position, seq: Number(position.split(":")[1]) }
          : new TidegateError("outcome-unknown", "the answer was cut");
      });
    } catch (unreachable) {
      return unreachable instanceof TidegateError ? unreachable : new TidegateError("outcome-unknown", unreachable.message);
    }
  }

  /** What is read of the response to a request. A server that is silent for too long gives none, nor the rest of it. */
  async #ask(parts, { signal, ...request }, read) {
    const { access, options } = this.#connection;
    const path = "v1/documents/" + parts.map(encodeURIComponent).join("/");
    const end = new AbortController();
    const giveUp = () => end.abort(signal.reason);
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => end.abort(new Error("the server is silent")), options.silence);
    };
    signal?.addEventListener("abort", giveUp);
    try {
      // Who is long in giving it, perhaps since somebody signs in, is not the server.
      await access.shown();
      signal?.throwIfAborted();
      heard();
      const response = await access.fetch(() => new URL(path, this.#connection.base), { ...request, signal: end.signal });
      heard();
      return await read(response);
    } finally {
      clearTimeout(alarm);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  async #opened() {
    const { WriterSocket } = await import("./writer-socket.js");
    return (this.#socket ??= new WriterSocket(this.#connection));
  }

  close() {
    this.#socket?.close();
  }
}
