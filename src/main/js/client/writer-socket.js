import { TidegateError } from "./access.js";

/** Errors after which the same change may be taken, on another connection or later. */
const PASSING = [
  "draining",
  "outcome-unknown",
  "store-failed",
  "timeout",
  "too-many-connections",
  "too-many-failures",
  "unauthenticated",
  "unavailable",
];

/**
 * A WebSocket for changes, which are sent without waiting for the answers. Answers come in the order of the requests. When it ends,
 * what has no answer is sent again on the next one, in the same order and under the same ids, so that it takes effect once.
 */
export class WriterSocket {
  #connection;
  #socket = null;
  #timer = null;
  #tries = 0;
  #isClosed = false;

  /** Requests without an answer: those of changes are sent again, `auth` is not. */
  #open = [];

  /** @param connection says which server is asked, as whom, and with which options */
  constructor(connection) {
    this.#connection = connection;
  }

  change(verb, [collection, key], text, id, signal) {
    const words = [verb, collection, encodeURIComponent(key), `@id=${id}`, text];
    const line = words.filter((word) => word !== undefined).join(" ");
    return new Promise((resolve, reject) => {
      const change = { line, resolve, reject };
      this.#open.push(change);
      signal.addEventListener("abort", () => this.#giveUp(change, signal.reason));
      if (this.#isClosed) {
        this.#end(new TidegateError("closed", "it was closed"));
      } else if (this.#socket?.readyState === 1) {
        this.#socket.send(line);
      } else {
        this.#connect(0);
      }
    });
  }

  /** Its answer is still owed, and waited for. */
  #giveUp(change, reason) {
    change.isGivenUp = true;
    change.reject(new TidegateError("outcome-unknown", reason.message));
  }

  #connect(wait) {
    if (this.#socket === null && this.#timer === null) {
      this.#timer = setTimeout(() => this.#run(), wait);
    }
  }

  async #run() {
    try {
      const token = await this.#connection.access.shown();
      if (this.#isClosed) {
        return;
      }
      const { WebSocket = globalThis.WebSocket } = this.#connection.options;
      const url = new URL("v1/socket", this.#connection.base).href.replace(/^http/, "ws");
      const socket = (this.#socket = new WebSocket(url));
      socket.onopen = () => {
        if (token) {
          this.#open.unshift({ line: `auth ${token}` });
        }
        this.#open.forEach(({ line }) => socket.send(line));
      };
      socket.onmessage = ({ data }) => data.trim().split("\n").forEach((line) => this.#heed(JSON.parse(line)));
      socket.onclose = () => this.#ended();
      // What was wrong is told by the close that follows.
      socket.onerror = () => {};
    } catch {
      this.#ended();
    }
    this.#timer = null;
  }

  #heed(event) {
    switch (event.event) {
      case "accepted":
        this.#tries = 0;
        this.#open.shift()?.resolve({ seq: event.seq });
        break;
      case "authenticated":
        this.#open.shift();
        break;
      case "expiring":
        this.#showAgain();
        break;
      case "error":
        this.#refused(new TidegateError(event.code, event.message));
        break;
    }
  }

  #refused(failure) {
    if (failure.code === "unauthenticated" && !this.#connection.access.renew()) {
      this.#end(failure);
    } else if (PASSING.includes(failure.code)) {
      this.#socket.close();
    } else {
      this.#open.shift()?.reject?.(failure);
    }
  }

  async #showAgain() {
    if (this.#connection.access.renew()) {
      const line = `auth ${await this.#connection.access.shown()}`;
      this.#open.push({ line });
      this.#socket?.send(line);
    }
  }

  #ended() {
    this.#socket = null;
    this.#timer = null;
    this.#open = this.#open.filter((request) => request.resolve && !request.isGivenUp);
    if (this.#open.length > 0 && !this.#isClosed) {
      this.#connect(this.#connection.options.backoff(this.#tries++));
    }
  }

  #end(failure) {
    const open = this.#open;
    this.#open = [];
    open.forEach((request) => request.reject?.(failure));
    this.#socket?.close();
  }

  close() {
    this.#isClosed = true;
    this.#end(new TidegateError("closed", "it was closed"));
  }
}
