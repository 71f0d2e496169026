import { TidegateError } from "./access.js";

/** Errors after which nothing more is taken on that socket, and the next one may be better. */
const ENDING = ["timeout", "too-many-connections", "too-many-failures", "unauthenticated"];

/** Errors after which the same change may be taken later. */
const PASSING = ["outcome-unknown", "store-failed", "unavailable"];

/**
 * A WebSocket for changes, which are sent without waiting for the answers. Answers come in the order of the requests. When it ends,
 * what has no answer is sent again on the next one, in the same order and under the same ids, so that it takes effect once.
 *
 *     change ─► waiting ─► sent ─► answered
 *                  ▲        │
 *                  └────────┘ the socket has ended, or the change could not be taken now
 */
export class WriterSocket {
  #connection;
  #socket = null;
  #isOpening = false;
  #isClosed = false;
  #tries = 0;

  /** Until when nothing is sent, and nobody is connected to. */
  #pause = null;

  /** How long the server wants it to stay away. */
  #slot;

  /** Changes in their order: those that could not be taken, and those that were not sent yet. */
  #again = [];
  #waiting = [];

  /** Requests without an answer on the socket that there is; nobody waits for that of an `auth`. */
  #sent = [];

  /** @param connection says which server is asked, as whom, and with which options */
  constructor(connection) {
    this.#connection = connection;
  }

  async change(verb, [collection, key], text, id, signal) {
    const words = [verb, collection, encodeURIComponent(key), `@id=${id}`, text];
    const change = { name: `${collection}/${key}`, line: words.filter((word) => word !== undefined).join(" ") };
    const outcome = new Promise((resolve, reject) => Object.assign(change, { resolve, reject }));
    const giveUp = () => this.#giveUp(change, signal.reason);
    signal.addEventListener("abort", giveUp);
    try {
      if (this.#isClosed) {
        change.reject(new TidegateError("closed", "it was closed"));
      } else if (signal.aborted) {
        giveUp();
      } else {
        this.#waiting.push(change);
        this.#go();
      }
      return await outcome;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** If it was sent its answer is still owed, and is waited for. */
  #giveUp(change, reason) {
    change.isGivenUp = true;
    change.reject(new TidegateError("outcome-unknown", reason.message));
  }

  /** Sends what waits, now or as soon as that is possible. */
  #go() {
    if (this.#pause || this.#isOpening || !(this.#again.length || this.#waiting.length)) {
      return;
    }
    if (!this.#socket) {
      this.#open();
    } else if (this.#socket.readyState === 1) {
      const due = this.#again.concat(this.#waiting);
      this.#again = [];
      this.#waiting = [];
      due.filter(({ isGivenUp }) => !isGivenUp).forEach((change) => this.#send(change));
    }
  }

  #goLater(wait) {
    this.#pause ??= setTimeout(() => {
      this.#pause = null;
      this.#go();
    }, wait);
  }

  #send(request) {
    this.#sent.push(request);
    this.#socket.send(request.line);
  }

  async #open() {
    this.#isOpening = true;
    try {
      const token = await this.#connection.access.shown();
      if (this.#isClosed) {
        return;
      }
      const { WebSocket = globalThis.WebSocket } = this.#connection.options;
      const url = new URL("v1/socket", this.#connection.base).href.replace(/^http/, "ws");
      const socket = (this.#socket = new WebSocket(url));
      // Of a socket that was left nothing counts any more.
      const isCurrent = () => socket === this.#socket;
      socket.onopen = () => {
        if (isCurrent()) {
          token && this.#send({ line: `auth ${token}` });
          this.#go();
        }
      };
      socket.onmessage = ({ data }) =>
        data
          .trim()
          .split("\n")
          .forEach((line) => isCurrent() && this.#heed(JSON.parse(line)));
      socket.onclose = () => isCurrent() && this.#lost();
      // What was wrong is told by the close that follows.
      socket.onerror = () => {};
    } catch {
      this.#lost();
    } finally {
      this.#isOpening = false;
    }
  }

  #heed(event) {
    switch (event.event) {
      case "accepted":
        this.#tries = 0;
        this.#sent.shift()?.resolve?.({ seq: event.seq });
        break;
      case "authenticated":
        this.#sent.shift();
        break;
      case "expiring":
        this.#showAgain();
        break;
      case "goodbye":
        this.#slot = event.reconnectAfterMs;
        break;
      case "error":
        this.#refused(new TidegateError(event.code, event.message));
        break;
    }
  }

  #refused(failure) {
    if (failure.code === "unauthenticated" && !this.#connection.access.renew()) {
      this.#end(failure);
    } else if (ENDING.includes(failure.code)) {
      const socket = this.#socket;
      this.#lost();
      socket.close();
    } else if (failure.code !== "draining") {
      // While it drains nothing that has no answer is taken, and its goodbye follows.
      this.#answered(this.#sent.shift(), failure);
    }
  }

  /** A change waits again if it may be taken later, but never to come behind a later one of its document. */
  #answered(change, failure) {
    const isOvertaken = () => [this.#sent, this.#waiting].some((later) => later.some(({ name }) => name === change.name));
    if (PASSING.includes(failure.code) && change?.resolve && !change.isGivenUp && !isOvertaken()) {
      this.#again.push(change);
      this.#goLater(this.#connection.options.backoff(this.#tries++));
    } else {
      change?.reject?.(failure);
    }
  }

  async #showAgain() {
    if (this.#connection.access.renew()) {
      // Who has no other token now is asked again when the connection has ended by that.
      const token = await this.#connection.access.shown().catch(() => undefined);
      if (token && this.#socket?.readyState === 1) {
        this.#send({ line: `auth ${token}` });
      }
    }
  }

  #lost() {
    this.#socket = null;
    this.#waiting = this.#again.concat(
      this.#sent.filter(({ resolve }) => resolve),
      this.#waiting,
    );
    this.#again = [];
    this.#sent = [];
    if (this.#waiting.length) {
      this.#goLater(this.#slot ?? this.#connection.options.backoff(this.#tries++));
    }
    this.#slot = undefined;
  }

  #end(failure) {
    const open = this.#again.concat(this.#sent, this.#waiting);
    const socket = this.#socket;
    clearTimeout(this.#pause);
    this.#pause = this.#socket = null;
    this.#again = [];
    this.#waiting = [];
    this.#sent = [];
    open.forEach((request) => request.reject?.(failure));
    socket?.close();
  }

  close() {
    this.#isClosed = true;
    this.#end(new TidegateError("closed", "it was closed"));
  }
}
